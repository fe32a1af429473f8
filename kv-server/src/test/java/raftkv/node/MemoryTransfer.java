package raftkv.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.SnapshotSource;
import raftkv.port.Transport;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;

/** A snapshot on its way over the {@link MemoryNetwork}; a piece that is cut off ends it. */
final class MemoryTransfer {
  record Route(NodeId from, NodeId to, long term) {}

  private final VirtualTime time;
  private final MemoryNetwork network;
  private final Route route;
  private final SnapshotSource source;
  private final Consumer<Boolean> done;
  private @Nullable SnapshotSink sink;
  private long offset;
  private boolean over;

  MemoryTransfer(
      VirtualTime time,
      MemoryNetwork network,
      Route route,
      SnapshotSource source,
      Consumer<Boolean> done) {
    this.time = time;
    this.network = network;
    this.route = route;
    this.source = source;
    this.done = done;
  }

  void offer(SnapshotFile file, Transport.Receiver receiver) {
    if (!network.losesOffers) {
      travel(() -> receiver.snapshotOffered(route.from(), route.term(), file, this::onAnswer));
    }
  }

  /** Ends it, once. */
  void end(boolean delivered) {
    if (over) {
      return;
    }
    over = true;
    SnapshotSink taken = sink;
    if (taken != null && !delivered && network.tellsReceivers) {
      time.after(network.latencyNanos, taken::abandon);
    }
    done.accept(delivered);
  }

  private void onAnswer(SnapshotAnswer answer) {
    if (answer instanceof SnapshotAnswer.Take take) {
      sink = take.sink();
      travel(() -> send(take.sink()));
    } else {
      travel(() -> end(answer instanceof SnapshotAnswer.Have));
    }
  }

  private void send(SnapshotSink to) {
    source.read(
        offset,
        network.pieceBytes,
        piece -> {
          if (piece == null) {
            end(false);
          } else if (piece.length() == 0) {
            travel(() -> to.finish(delivered -> travel(() -> settle(delivered))));
          } else {
            offset += piece.length();
            Bytes copy = Bytes.wrap(piece.toByteArray());
            travel(() -> to.take(copy, () -> travel(() -> send(to))));
          }
        });
  }

  private void settle(boolean delivered) {
    sink = null;
    end(delivered);
  }

  private void travel(Runnable arrival) {
    time.after(
        network.latencyNanos,
        () -> {
          if (over || route.from().equals(network.stalled)) {
            return;
          }
          if (network.passes(route.from(), route.to())) {
            arrival.run();
          } else {
            end(false);
          }
        });
  }
}
