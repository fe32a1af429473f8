package raftkv.node;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateImage;
import raftkv.port.StateMachine;
import raftkv.port.StateReader;
import raftkv.raft.Bytes;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;

/** Snapshots of one node in memory, which outlive its processes; writing takes a while. */
final class MemorySnapshots {
  private record Stored(SnapshotFile file, Bytes content) {}

  private final VirtualTime time;
  private final TreeMap<Long, Stored> stored = new TreeMap<>();
  private @Nullable Store current;

  /** How long each step takes. */
  long stepNanos = 1_000_000;

  /** There is no room for one more. */
  boolean full;

  /** What is written is not what was captured. */
  boolean lies;

  /** How often somebody had no time for the one that is written. */
  int hurried;

  int taken;
  int arrived;

  MemorySnapshots(VirtualTime time) {
    this.time = time;
  }

  @Nullable SnapshotFile newest() {
    return stored.isEmpty() ? null : stored.lastEntry().getValue().file();
  }

  long newestIndex() {
    return stored.isEmpty() ? 0 : stored.lastKey();
  }

  /** The newest state, for a process that starts. */
  @Nullable StateImage image(StateMachine machine) {
    if (stored.isEmpty()) {
      return null;
    }
    StateReader reader = machine.reader();
    reader.take(stored.lastEntry().getValue().content());
    return reader.finish();
  }

  /** A new process opens the store. */
  Store open(StateMachine machine) {
    current = new Store(machine);
    return current;
  }

  /** The process dies. */
  void crash() {
    if (current != null) {
      current.dead = true;
    }
  }

  void wipe() {
    stored.clear();
  }

  private void keep(SnapshotFile file, byte[] content) {
    stored.put(file.meta().lastIncluded().index(), new Stored(file, Bytes.wrap(content)));
    while (stored.size() > 2) {
      stored.pollFirstEntry();
    }
  }

  final class Store implements SnapshotStore {
    private final StateMachine machine;
    private boolean dead;

    private Store(StateMachine machine) {
      this.machine = machine;
    }

    private void later(Runnable task) {
      time.after(
          stepNanos,
          () -> {
            if (!dead) {
              task.run();
            }
          });
    }

    @Override
    public @Nullable SnapshotFile newest() {
      return MemorySnapshots.this.newest();
    }

    @Override
    public void save(StateCapture capture, long term, Consumer<Saved> done) {
      later(() -> done.accept(saved(capture, term)));
    }

    @Override
    public void hurry() {
      hurried++;
    }

    private Saved saved(StateCapture capture, long term) {
      if (full) {
        return new Saved.NoRoom();
      }
      if (lies) {
        return new Saved.Differs(capture.hash(), new StateHash(6, 6));
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      capture
          .pieces()
          .forEachRemaining(piece -> content.write(piece.array(), piece.offset(), piece.length()));
      LogPosition position = new LogPosition(capture.index(), term);
      SnapshotFile file =
          new SnapshotFile(
              new SnapshotMeta(position, capture.roster()), capture.hash(), content.size());
      keep(file, content.toByteArray());
      taken++;
      return new Saved.Durable(file);
    }

    @Override
    public SnapshotSource open(SnapshotFile file) {
      Stored opened = stored.get(file.meta().lastIncluded().index());
      return new SnapshotSource() {
        @Override
        public void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece) {
          int from = (int) offset;
          int to = Math.min(opened.content().length(), from + maxBytes);
          later(
              () ->
                  piece.accept(Bytes.wrap(Arrays.copyOfRange(opened.content().array(), from, to))));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Incoming receive(SnapshotFile offered) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      return new Incoming() {
        @Override
        public void take(Bytes piece, Runnable next) {
          content.writeBytes(piece.toByteArray());
          later(next);
        }

        @Override
        public void finish(Consumer<Received> done) {
          later(() -> done.accept(received(offered, content.toByteArray())));
        }

        @Override
        public void abandon() {}
      };
    }

    private Received received(SnapshotFile offered, byte[] content) {
      StateReader reader = machine.reader();
      reader.take(Bytes.wrap(content));
      StateImage image = reader.finish();
      if (!image.hash().equals(offered.hash())) {
        return new Received.Refused("its hash differs");
      }
      stored.tailMap(offered.meta().lastIncluded().index(), true).clear();
      keep(offered, content);
      arrived++;
      return new Received.Durable(offered, image);
    }
  }
}
