package raftkv.transport;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.ForwardReply;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ForwardRequest;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.raft.NodeId;

/** Takes writes that peers pass on, and answers each with what became of it. */
final class ForwardServer {
  private final PeerSettings settings;
  private final Handshake handshake;
  private final InboundLinks links;

  /** Filled by gRPC's thread; looked up by key alone. */
  private final ConcurrentHashMap<NodeId, InFlight> inFlight = new ConcurrentHashMap<>();

  ForwardServer(PeerSettings settings, Handshake handshake, InboundLinks links) {
    this.settings = settings;
    this.handshake = handshake;
    this.links = links;
  }

  /** On gRPC's thread. */
  void forward(ForwardRequest request, StreamObserver<ForwardResponse> responses) {
    // With a handler, answering a forwarder that has given up is no exception any more.
    ((ServerCallStreamObserver<ForwardResponse>) responses).setOnCancelHandler(() -> {});
    String refusal = refusal(request);
    Transport.Receiver receiver = links.receiver();
    if (refusal != null) {
      links.warn("refused a forwarded write", refusal);
      refuse(responses, ForwardReply.Reason.NOT_READY, refusal);
    } else if (receiver == null) {
      refuse(responses, ForwardReply.Reason.NOT_READY, "not running");
    } else {
      take(new NodeId(request.getSender()), request, receiver, responses);
    }
  }

  private void take(
      NodeId from,
      ForwardRequest request,
      Transport.Receiver receiver,
      StreamObserver<ForwardResponse> responses) {
    PeerSettings.Limits limits = settings.limits();
    InFlight ofPeer =
        inFlight.computeIfAbsent(
            from, peer -> new InFlight(limits.forwardsInFlight(), limits.forwardBytesInFlight()));
    int sizeBytes = request.getCommand().size();
    if (!ofPeer.begin(sizeBytes)) {
      refuse(responses, ForwardReply.Reason.OVERLOADED, "writes under way from node " + from);
      return;
    }
    receiver.forwarded(
        from,
        new Transport.ForwardRequest(
            WireBytes.unwrap(request.getCommand()),
            request.getIdentified(),
            request.getRemainingNanos()),
        reply -> {
          ofPeer.end(sizeBytes);
          respond(responses, reply);
        });
  }

  private @Nullable String refusal(ForwardRequest request) {
    try {
      NodeId sender = MessageReader.node(request.getSender(), "sender");
      if (!settings.peers().containsKey(sender)) {
        return "node " + sender + " is no member";
      }
      if (request.getReceiver() != settings.self().value()) {
        return "it was meant for node " + request.getReceiver();
      }
      if (request.getRemainingNanos() <= 0) {
        return "no time is left";
      }
      return handshake.clusterRefusal(sender.value(), WireBytes.clusterId(request.getClusterId()));
    } catch (BadPeerMessage bad) {
      return bad.getMessage();
    }
  }

  private static void refuse(
      StreamObserver<ForwardResponse> responses, ForwardReply.Reason reason, String detail) {
    respond(responses, new ForwardReply.NotApplied(reason, null, detail));
  }

  /** Once per call, so that nothing has to be guarded. */
  private static void respond(StreamObserver<ForwardResponse> responses, ForwardReply reply) {
    responses.onNext(ForwardCodec.write(reply));
    responses.onCompleted();
  }
}
