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
  private @Nullable ForwardStream stream;

  ForwardClient(NodeId self, NodeId peer, EventLoop loop, Handshake handshake, PeerLink link) {
    this.self = self;
    this.peer = peer;
    this.loop = loop;
    this.handshake = handshake;
    this.link = link;
  }

  /** Sends once, and answers once, on the loop. */
  void forward(Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    ManagedChannel channel = link.channel();
    if (channel == null) {
      // Certain, since nothing was sent.
      ForwardReply refused =
          new ForwardReply.NotApplied(
              ForwardReply.Reason.NOT_READY, null, "no link: " + link.state());
      loop.execute(() -> answer.accept(refused));
    } else {
      streamOn(channel).send(request, answer);
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
}
