package raftkv.simulation.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore;
import raftkv.port.StateCapture;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.Timeline;

/** The real snapshot store; what it reports comes at its worker's clock, and is seen. */
final class TimedSnapshots implements SnapshotStore {
  private final SnapshotStore store;
  private final NodeId node;
  private final Watch watch;
  private final Timeline timeline;
  private final Life life;

  TimedSnapshots(SnapshotStore store, NodeId node, Watch watch, Timeline timeline, Life life) {
    this.store = store;
    this.node = node;
    this.watch = watch;
    this.timeline = timeline;
    this.life = life;
  }

  /** At the clock of whoever reports, if the process is still there then. */
  private void report(Runnable task) {
    timeline.after(
        0,
        () -> {
          if (life.isOn()) {
            task.run();
          }
        });
  }

  @Override
  public @Nullable SnapshotFile newest() {
    return store.newest();
  }

  @Override
  public void save(StateCapture capture, long term, Consumer<Saved> done) {
    store.save(
        capture,
        term,
        saved ->
            report(
                () -> {
                  if (saved instanceof Saved.Durable durable) {
                    watch.snapshotDurable(node, durable.file(), false);
                  }
                  done.accept(saved);
                }));
  }

  @Override
  public SnapshotSource open(SnapshotFile file) {
    SnapshotSource source = store.open(file);
    return new SnapshotSource() {
      @Override
      public void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece) {
        source.read(offset, maxBytes, bytes -> report(() -> piece.accept(bytes)));
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  @Override
  public Incoming receive(SnapshotFile offered) {
    Incoming incoming = store.receive(offered);
    return new Incoming() {
      @Override
      public void take(Bytes piece, Runnable next) {
        incoming.take(piece, () -> report(next));
      }

      @Override
      public void finish(Consumer<Received> done) {
        incoming.finish(
            received ->
                report(
                    () -> {
                      if (received instanceof Received.Durable durable) {
                        watch.snapshotDurable(node, durable.file(), true);
                      }
                      done.accept(received);
                    }));
      }

      @Override
      public void abandon() {
        incoming.abandon();
      }
    };
  }
}
