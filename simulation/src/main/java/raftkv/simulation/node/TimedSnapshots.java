package raftkv.simulation.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore;
import raftkv.port.StateCapture;
import raftkv.raft.Bytes;
import raftkv.simulation.time.Life;
import raftkv.storage.disk.DataDirectory;

/** The real snapshot store; what it reports comes at its worker's clock, and is seen. */
final class TimedSnapshots implements SnapshotStore {
  private static final String SUFFIX = ".snap";

  private final SnapshotStore store;
  private final Machine at;
  private final Life life;

  TimedSnapshots(SnapshotStore store, Machine at, Life life) {
    this.store = store;
    this.at = at;
    this.life = life;
  }

  /** At the clock of whoever reports, if the process is still there then. */
  private void report(Runnable task) {
    at.timeline()
        .after(
            0,
            () -> {
              if (life.isOn()) {
                task.run();
              }
            });
  }

  private void tell(SnapshotFile file, boolean received) {
    String prefix = DataDirectory.SNAPSHOT_PREFIX;
    boolean clean = !at.disk().isDirty(prefix, SUFFIX) && !at.disk().isNameDirty(prefix, SUFFIX);
    at.watch().snapshotDurable(at.id(), file, received, clean);
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
                    tell(durable.file(), false);
                  }
                  done.accept(saved);
                }));
  }

  @Override
  public void hurry() {
    store.hurry();
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
                        tell(durable.file(), true);
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
