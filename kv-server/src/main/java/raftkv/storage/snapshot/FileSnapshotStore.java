package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.SnapshotStore;
import raftkv.port.StateCapture;
import raftkv.port.StateReader;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.Check;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.IoCause;
import raftkv.storage.disk.Room;

/**
 * Snapshots in the data directory. Called on the loop; all work is done by the worker, in steps of
 * about a megabyte, so that a snapshot that is being sent does not wait for one that is written.
 *
 * <p>Kept are the newest and the one before. A snapshot from a peer takes the place of all others:
 * the log behind them is gone, or the state in them was found wrong (safety rule 7.1).
 */
public final class FileSnapshotStore implements SnapshotStore {
  private static final int KEPT = 2;

  private final Disk disk;
  private final Worker worker;
  private final Pace pace;
  private final Readers readers;
  private final Consumer<String> warnings;
  private final Shelf shelf;

  /** Set and cleared on different threads, one task after the other. */
  private volatile boolean saving;

  private volatile boolean hurried;

  private @Nullable Arriving arriving;

  /**
   * How a state is read.
   *
   * @param building makes readers that build it; callable from any thread
   * @param checking makes readers that compute its hash alone; callable from any thread
   */
  public record Readers(Supplier<StateReader> building, Supplier<StateReader> checking) {}

  /**
   * With what {@link SnapshotRecovery} has found.
   *
   * @param worker a thread for this store alone, or others wait for it
   * @param pace of saving
   * @param warnings takes a line that an operator should see; called on the worker
   */
  public FileSnapshotStore(
      Disk disk,
      Worker worker,
      Pace pace,
      Readers readers,
      List<SnapshotFile> found,
      Consumer<String> warnings) {
    this.disk = disk;
    this.worker = worker;
    this.pace = pace;
    this.readers = readers;
    this.warnings = warnings;
    this.shelf = new Shelf(found);
  }

  @Override
  public @Nullable SnapshotFile newest() {
    return shelf.newest();
  }

  @Override
  public void save(StateCapture capture, long term, Consumer<Saved> done) {
    Check.that(!saving, "one snapshot is saved at a time");
    saving = true;
    hurried = false;
    worker.execute(() -> begin(new Saving(disk, capture, term, readers.checking()), capture, done));
  }

  @Override
  public void hurry() {
    hurried = true;
  }

  @Override
  public SnapshotSource open(SnapshotFile file) {
    shelf.hold(file);
    return new Sending(
        disk,
        worker,
        file,
        readers.checking().get(),
        warnings,
        this::setAside,
        () -> {
          shelf.release(file);
          prune(KEPT);
        });
  }

  @Override
  public Incoming receive(SnapshotFile offered) {
    if (arriving != null) {
      arriving.abandon();
    }
    Arriving next = new Arriving(disk, worker, offered, readers.building().get(), this::takeTheirs);
    worker.execute(() -> makeRoom(offered.sizeBytes()));
    arriving = next;
    return next;
  }

  private void begin(Saving job, StateCapture capture, Consumer<Saved> done) {
    SnapshotFile before = shelf.at(job.meta().lastIncluded());
    SnapshotFile newest = shelf.newest();
    if (before != null) {
      end(sameAs(before, capture), done);
    } else if (newest != null && !makeRoom(newest.sizeBytes() / 5 * 6)) {
      end(new Saved.NoRoom(), done);
    } else {
      step(job, done);
    }
  }

  private void step(Saving job, Consumer<Saved> done) {
    Saved saved = job.step();
    if (saved == null) {
      Runnable next = () -> worker.execute(() -> step(job, done));
      if (hurried) {
        next.run();
      } else {
        pace.next(next);
      }
      return;
    }
    if (saved instanceof Saved.Durable durable) {
      shelf.add(durable.file());
      prune(KEPT);
    }
    end(saved, done);
  }

  private void end(Saved saved, Consumer<Saved> done) {
    saving = false;
    done.accept(saved);
  }

  /** It is there already: files are never written twice. */
  private static Saved sameAs(SnapshotFile before, StateCapture capture) {
    return before.hash().equals(capture.hash())
        ? new Saved.Durable(before)
        : new Saved.Differs(capture.hash(), before.hash());
  }

  /** When the disk is full, the older snapshot goes first. */
  private boolean makeRoom(long bytes) {
    try {
      if (!Room.hasFor(disk, bytes)) {
        prune(1);
      }
      return Room.hasFor(disk, bytes);
    } catch (IOException e) {
      warnings.accept("the free space is not known: " + IoCause.of(e));
      return true;
    }
  }

  /**
   * A peer's snapshot is durable: the others are of no use any more, or are wrong. One that a start
   * would take before it must go; whoever sends it to a peer cannot go on then.
   *
   * @throws StorageFailure if it does not: the fence must stay
   */
  private void takeTheirs(SnapshotFile theirs) {
    shelf.add(theirs);
    LogPosition position = theirs.meta().lastIncluded();
    for (SnapshotFile other : shelf.all()) {
      if (other.meta().lastIncluded().index() >= position.index() && !other.equals(theirs)) {
        deleteSurely(other);
      }
    }
    prune(1);
  }

  private void prune(int kept) {
    for (SnapshotFile old : shelf.beyond(kept)) {
      try {
        deleteSurely(old);
      } catch (StorageFailure failure) {
        warnings.accept(String.valueOf(failure.getMessage()));
      }
    }
  }

  private void deleteSurely(SnapshotFile file) {
    String name = SnapshotNames.of(file.meta().lastIncluded());
    shelf.remove(file);
    try {
      disk.delete(name);
      disk.forceDirectory();
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.WRITE_FAILED, disk.describe(name) + " cannot be deleted: " + IoCause.of(e), e);
    }
  }

  /** Not the name of a snapshot any more, so that no start takes it for one. */
  private void setAside(SnapshotFile file, String what) {
    shelf.remove(file);
    try {
      Aside aside = new Aside(disk, warnings);
      aside.put(SnapshotNames.of(file.meta().lastIncluded()), what);
      SnapshotFile newest = shelf.newest();
      if (newest != null) {
        aside.maybeMakeRoom(newest.meta().lastIncluded().index());
      }
    } catch (IOException e) {
      warnings.accept("a damaged snapshot cannot be renamed: " + e.getMessage());
    }
  }
}
