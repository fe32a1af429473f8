package raftkv.transport;

import io.grpc.ManagedChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.Transport;
import raftkv.raft.NodeId;

/** Passes writes on to one peer, on one stream for each link. Owned by the loop. */
final class ForwardClient {
  private final NodeId self;
  private final NodeId peer;
  private final EventLoop loop;
  private final Handshake handshake;
  private final PeerLink link;
  private final InFlight inFlight;
  private @Nullable ForwardStream stream;

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
      later(answer, ForwardReply.Reason.NOT_READY, "no link: " + link.state());
    } else if (!inFlight.begin(sizeBytes)) {
      later(answer, ForwardReply.Reason.OVERLOADED, "writes under way to node " + peer);
    } else {
      Consumer<ForwardReply> ended =
          reply -> {
            inFlight.end(sizeBytes);
            answer.accept(reply);
          };
      streamOn(channel).send(request, ended);
    }
  }

  private ForwardStream streamOn(ManagedChannel channel) {
    ForwardStream known = stream;
    if (known != null && known.isOpenOn(channel)) {
      return known;
    }
    ForwardStream fresh = new ForwardStream(self, peer, loop, handshake, channel);
    fresh.open();
    stream = fresh;
    return fresh;
  }

  private void later(Consumer<ForwardReply> answer, ForwardReply.Reason reason, String detail) {
    ForwardReply refused = new ForwardReply.NotApplied(reason, null, detail);
    loop.execute(() -> answer.accept(refused));
  }
}
