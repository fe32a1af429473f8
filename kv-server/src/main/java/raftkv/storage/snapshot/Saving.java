package raftkv.storage.snapshot;

import java.io.IOException;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.ExitCode;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.port.StateHash;
import raftkv.port.StateReader;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.storage.disk.IoCause;
import raftkv.storage.disk.Room;

/**
 * Writes one capture to a file, in steps, so that other work of the worker goes on between them.
 *
 * <pre>
 *   WRITE: under an unfinished name, forced in portions
 *     -> READ_BACK: every checksum, the hash computed anew from what the disk gives back
 *     -> NAME: rename, force the directory
 * </pre>
 */
final class Saving {
  /** Done in one step, or a little more. */
  static final int STEP_BYTES = 1 << 20;

  private final Disk disk;
  private final StateCapture capture;
  private final SnapshotMeta meta;
  private final String unfinished;
  private final Supplier<StateReader> checkers;

  private @Nullable Iterator<Bytes> pieces;
  private @Nullable SnapshotOutput output;
  private @Nullable SnapshotReading reading;

  Saving(Disk disk, StateCapture capture, long term, Supplier<StateReader> checkers) {
    this.disk = disk;
    this.capture = capture;
    this.meta = new SnapshotMeta(new LogPosition(capture.index(), term), capture.roster());
    this.unfinished = SnapshotNames.beingSaved(meta.lastIncluded());
    this.checkers = checkers;
  }

  SnapshotMeta meta() {
    return meta;
  }

  /** Does a part of the work; the outcome, when there is one. */
  @Nullable Saved step() {
    try {
      return reading == null ? write() : readBack(reading);
    } catch (IOException e) {
      return afterError(e);
    }
  }

  private @Nullable Saved write() throws IOException {
    SnapshotOutput out = output;
    Iterator<Bytes> left = pieces;
    if (out == null || left == null) {
      out = new SnapshotOutput(disk, unfinished);
      output = out;
      left = capture.pieces();
      pieces = left;
      out.header(meta);
    }
    long end = out.sizeBytes() + STEP_BYTES;
    while (left.hasNext() && out.sizeBytes() < end) {
      out.chunk(left.next());
    }
    if (!left.hasNext()) {
      out.footer(capture.hash());
      out.force();
      out.close();
      reading = new SnapshotReading(disk.open(unfinished), new SnapshotParser(checkers.get()));
    }
    return null;
  }

  private @Nullable Saved readBack(SnapshotReading file) throws IOException {
    SnapshotParser.Verified verified;
    try {
      long end = file.offset() + STEP_BYTES;
      do {
        verified = file.step();
      } while (verified == null && file.offset() < end);
    } catch (DamagedSnapshot damaged) {
      return afterDamage(damaged);
    }
    if (verified == null) {
      return null;
    }
    file.close();
    SnapshotFile stored = verified.file();
    disk.rename(unfinished, SnapshotNames.of(meta.lastIncluded()));
    disk.forceDirectory();
    return new Saved.Durable(stored);
  }

  /** The state has another hash than was kept, or the disk gives back other bytes. */
  private Saved afterDamage(DamagedSnapshot damaged) {
    StateHash written = damaged.hash();
    String file = disk.describe(unfinished);
    drop();
    if (written != null) {
      return new Saved.Differs(capture.hash(), written);
    }
    return new Saved.Failed(
        new StorageFailure(
            ExitCode.WRITE_FAILED,
            file + " was read back otherwise than it was written: " + damaged.getMessage()));
  }

  private Saved afterError(IOException error) {
    boolean full = Room.isWantedBy(error, disk);
    drop();
    return full
        ? new Saved.NoRoom()
        : new Saved.Failed(
            new StorageFailure(
                ExitCode.WRITE_FAILED,
                "write of " + disk.describe(unfinished) + " failed: " + IoCause.of(error),
                error));
  }

  /** Leaves nothing behind, if the disk lets it; what stays counts for nothing. */
  private void drop() {
    closeQuietly(output);
    closeQuietly(reading);
    Leftovers.delete(disk, unfinished);
  }

  private static void closeQuietly(@Nullable AutoCloseable file) {
    Leftovers.close(file);
  }
}
