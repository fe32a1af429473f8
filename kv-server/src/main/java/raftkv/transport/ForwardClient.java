package raftkv.transport;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ForwardRequest;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.raft.NodeId;

/** Passes writes on to one peer, over the channel of its link. Owned by the loop. */
final class ForwardClient {
  /** The receiver answers by its deadline; its answer may travel for this long. */
  private static final long MAX_TRAVEL_NANOS = 25_000_000;

  private final NodeId self;
  private final NodeId peer;
  private final EventLoop loop;
  private final Handshake handshake;
  private final PeerLink link;
  private final InFlight inFlight;

  ForwardClient(
      NodeId self,
      NodeId peer,
      EventLoop loop,
      Handshake handshake,
      PeerLink link,
      PeerSettings.Limits limits) {
    this.self = self;
    this.peer = peer;
    this.loop = loop;
    this.handshake = handshake;
    this.link = link;
    this.inFlight = new InFlight(limits.forwardsInFlight(), limits.forwardBytesInFlight());
  }

  /** Sends once, and answers once, on the loop. */
  void forward(Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    ManagedChannel channel = link.channel();
    int sizeBytes = request.command().length();
    if (channel == null) {
      // Certain, since nothing was sent.
      later(answer, refused(ForwardReply.Reason.NOT_READY, "no link: " + link.state()));
    } else if (!inFlight.begin(sizeBytes)) {
      later(answer, refused(ForwardReply.Reason.OVERLOADED, "writes under way to node " + peer));
    } else {
      send(channel, request, answer);
    }
  }

  private void send(
      ManagedChannel channel, Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    long remaining = Math.max(1, request.remainingNanos());
    int sizeBytes = request.command().length();
    UnaryCall.send(
        channel,
        PeerMethods.FORWARD,
        remaining + Math.min(remaining / 20, MAX_TRAVEL_NANOS),
        ForwardRequest.newBuilder()
            .setClusterId(WireBytes.ofClusterId(handshake.clusterId()))
            .setSender(self.value())
            .setReceiver(peer.value())
            .setCommand(WireBytes.wrap(request.command()))
            .setIdentified(request.identified())
            .setRemainingNanos(remaining)
            .build(),
        (status, response) -> {
          inFlight.end(sizeBytes);
          later(answer, reply(status, response));
        });
  }

  /** Without the receiver's own words nobody knows (safety rule 3.4). */
  private static ForwardReply reply(Status status, @Nullable ForwardResponse response) {
    return status.isOk() && response != null
        ? ForwardCodec.read(response)
        : new ForwardReply.Unknown(LinkFailure.words(status));
  }

  private void later(Consumer<ForwardReply> answer, ForwardReply reply) {
    loop.execute(() -> answer.accept(reply));
  }

  private static ForwardReply refused(ForwardReply.Reason reason, String detail) {
    return new ForwardReply.NotApplied(reason, null, detail);
  }
}
