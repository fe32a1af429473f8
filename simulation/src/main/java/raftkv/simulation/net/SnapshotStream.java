package raftkv.simulation.net;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.SnapshotSource;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;

/** A snapshot on its way to a peer, a piece at a time, beside the stream of messages. */
final class SnapshotStream {
  private static final int PIECE_BYTES = 2 << 10;

  private final SimNetwork network;
  private final SimTransport sender;
  private final NodeId to;
  private final SnapshotSource source;
  private final Consumer<Boolean> done;
  private @Nullable SimTransport receiver;
  private @Nullable SnapshotSink sink;
  private long offset;
  private boolean ended;

  SnapshotStream(
      SimNetwork network,
      SimTransport sender,
      NodeId to,
      SnapshotSource source,
      Consumer<Boolean> done) {
    this.network = network;
    this.sender = sender;
    this.to = to;
    this.source = source;
    this.done = done;
  }

  NodeId to() {
    return to;
  }

  void offer(long term, SnapshotFile file) {
    SimTransport target = network.at(to);
    if (target == null || !network.isUp(sender.self(), to)) {
      end(false);
      return;
    }
    receiver = target;
    there(() -> target.receiver().snapshotOffered(sender.self(), term, file, this::onAnswer));
  }

  /** At the receiver: what it has begun to take has to be given up, should the stream end here. */
  private void onAnswer(SnapshotAnswer answer) {
    if (answer instanceof SnapshotAnswer.Take take) {
      sink = take.sink();
      if (ended) {
        network.timeline().after(0, take.sink()::abandon);
      }
    }
    here(() -> on(answer));
  }

  private void on(SnapshotAnswer answer) {
    if (answer instanceof SnapshotAnswer.Take) {
      sendNext();
    } else {
      end(answer instanceof SnapshotAnswer.Have);
    }
  }

  private void sendNext() {
    source.read(offset, PIECE_BYTES, piece -> network.timeline().after(0, () -> send(piece)));
  }

  private void send(@Nullable Bytes piece) {
    SnapshotSink target = sink;
    if (ended || target == null) {
      return;
    }
    if (piece == null) {
      end(false);
    } else if (piece.length() == 0) {
      there(() -> target.finish(delivered -> here(() -> end(delivered))));
    } else {
      offset += piece.length();
      there(() -> target.take(piece, () -> here(this::sendNext)));
    }
  }

  /** At the receiver, unless the stream has ended meanwhile. */
  private void there(Runnable task) {
    SimTransport target = receiver;
    if (target != null) {
      network.stream(sender, target, () -> unlessEnded(task));
    }
  }

  /** Back at the sender. */
  private void here(Runnable task) {
    SimTransport target = receiver;
    if (target != null) {
      network.stream(sender, target, () -> unlessEnded(task));
    }
  }

  private void unlessEnded(Runnable task) {
    if (!ended) {
      task.run();
    }
  }

  /** It is over: both sides are told. */
  void end(boolean delivered) {
    if (ended) {
      return;
    }
    ended = true;
    SnapshotSink target = sink;
    if (!delivered && target != null) {
      network.timeline().after(0, target::abandon);
    }
    sender.ended(this, () -> done.accept(delivered));
  }
}
