package raftkv.transport;

import io.grpc.ManagedChannel;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.raft.NodeId;

/**
 * Sends snapshots to one peer, one at a time, while the link to it stands. Each on a connection of
 * its own: on the link's, what the receiver has not taken yet would use up the window that
 * heartbeats need. Owned by the loop.
 */
final class SnapshotClient {
  private final NodeId self;
  private final NodeId peer;
  private final EventLoop loop;
  private final Supplier<ManagedChannel> channels;
  private final PeerLink link;
  private final PeerSettings.Limits limits;
  private @Nullable OutgoingSnapshot sending;

  SnapshotClient(
      NodeId self,
      NodeId peer,
      EventLoop loop,
      Supplier<ManagedChannel> channels,
      PeerLink link,
      PeerSettings.Limits limits) {
    this.self = self;
    this.peer = peer;
    this.loop = loop;
    this.channels = channels;
    this.link = link;
    this.limits = limits;
    link.onDrop(() -> abandon("the link broke"));
  }

  /** Sends, and tells once, on the loop, whether it was delivered. */
  void send(long term, SnapshotFile file, SnapshotSource source, Consumer<Boolean> done) {
    if (sending != null || !link.isConnected()) {
      loop.execute(() -> done.accept(false));
      return;
    }
    SnapshotCodec.Route route = new SnapshotCodec.Route(self, peer, term);
    OutgoingSnapshot next =
        new OutgoingSnapshot(
            route,
            file,
            source,
            loop,
            limits,
            delivered -> {
              sending = null;
              done.accept(delivered);
            });
    sending = next;
    next.start(channels.get());
  }

  /** Ends what is under way, if anything is. */
  void abandon(String why) {
    OutgoingSnapshot current = sending;
    if (current != null) {
      current.end(false, why);
    }
  }
}
