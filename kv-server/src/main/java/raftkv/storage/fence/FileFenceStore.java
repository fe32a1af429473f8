package raftkv.storage.fence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.Fence;
import raftkv.port.FenceStore;
import raftkv.port.StateHash;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.storage.disk.Room;

/**
 * The fence in a file of its own. Present means fenced; its contents are for people.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVF"
 *        4     4  format, 1
 *        8     8  index at which the states differ
 *       16    16  own state hash
 *       32    16  state hash of the majority
 *       48     4  CRC32C of everything before
 * </pre>
 *
 * <p>Opened by the process's first thread, written by the worker, read by the loop.
 */
public final class FileFenceStore implements FenceStore {
  /** The file's name in the data directory. */
  public static final String NAME = "fence";

  /** A full disk is a state, not an error: so long is waited before the next attempt. */
  public static final long RETRY_NANOS = 1_000_000_000L;

  private static final String TEMPORARY_NAME = "fence.tmp";
  private static final int MAGIC = 0x524b5646;
  private static final int FORMAT = 1;
  private static final int SIZE_BYTES = 52;
  private static final int CHECKSUM_OFFSET = 48;

  /** Which of the attempts to write a fence. */
  private enum Attempt {
    FIRST,
    LATER
  }

  private final Disk disk;
  private final Worker worker;
  private final Consumer<Runnable> later;
  private final Consumer<String> warnings;
  private final @Nullable Fence found;

  private FileFenceStore(
      Disk disk,
      Worker worker,
      Consumer<Runnable> later,
      Consumer<String> warnings,
      @Nullable Fence found) {
    this.disk = disk;
    this.worker = worker;
    this.later = later;
    this.warnings = warnings;
    this.found = found;
  }

  /**
   * Reads the directory. Blocks.
   *
   * @param worker where later writes are done
   * @param later runs what it is given after a while, on any thread: a full disk is tried again
   * @param warnings takes a line that an operator should see; called on the worker
   * @throws StorageFailure as of {@link #find}
   */
  public static FileFenceStore open(
      Disk disk, Worker worker, Consumer<Runnable> later, Consumer<String> warnings) {
    return new FileFenceStore(disk, worker, later, warnings, find(disk));
  }

  /**
   * The fence in a directory, or null. Blocks, and changes nothing.
   *
   * @throws StorageFailure if the file is there and cannot be understood: a replica that was fenced
   *     must not forget it
   */
  public static @Nullable Fence find(Disk disk) {
    try {
      return disk.exists(NAME) ? read(disk) : null;
    } catch (IOException cause) {
      throw new StorageFailure(
          ExitCode.UNAVAILABLE, disk.describe(NAME) + ": cannot be read: " + cause, cause);
    }
  }

  private static Fence read(Disk disk) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    try (DiskFile file = disk.open(NAME)) {
      int length = file.read(buffer, 0);
      boolean whole = length == SIZE_BYTES && file.sizeBytes() == SIZE_BYTES;
      if (!whole || buffer.getInt(0) != MAGIC || !isIntact(buffer)) {
        throw new StorageFailure(ExitCode.DAMAGED, disk.describe(NAME) + ": damaged at offset 0");
      }
    }
    if (buffer.getInt(4) != FORMAT) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT,
          disk.describe(NAME) + ": format " + buffer.getInt(4) + ", known here is " + FORMAT);
    }
    return new Fence(
        buffer.getLong(8),
        new StateHash(buffer.getLong(16), buffer.getLong(24)),
        new StateHash(buffer.getLong(32), buffer.getLong(40)));
  }

  @Override
  public @Nullable Fence raised() {
    return found;
  }

  @Override
  public void raise(Fence fence, Consumer<@Nullable StorageFailure> done) {
    worker.execute(() -> attempt(fence, done, Attempt.FIRST));
  }

  /** Until there is room: the fence holds in memory, is not told, and no snapshot is taken. */
  private void attempt(Fence fence, Consumer<@Nullable StorageFailure> done, Attempt which) {
    try {
      write(fence);
    } catch (IOException cause) {
      if (!Room.isWantedBy(cause, disk)) {
        done.accept(
            new StorageFailure(
                ExitCode.WRITE_FAILED,
                disk.describe(NAME) + ": cannot be written: " + cause,
                cause));
        return;
      }
      if (which == Attempt.FIRST) {
        warnings.accept("no room for " + disk.describe(NAME) + "; trying again");
      }
      later.accept(() -> worker.execute(() -> attempt(fence, done, Attempt.LATER)));
      return;
    }
    done.accept(null);
  }

  @Override
  public void lower(Consumer<@Nullable StorageFailure> done) {
    worker.execute(() -> done.accept(delete()));
  }

  private @Nullable StorageFailure delete() {
    try {
      if (disk.exists(NAME)) {
        disk.delete(NAME);
      }
      disk.forceDirectory();
      return null;
    } catch (IOException cause) {
      return new StorageFailure(
          ExitCode.WRITE_FAILED, disk.describe(NAME) + ": cannot be deleted: " + cause, cause);
    }
  }

  private void write(Fence fence) throws IOException {
    if (disk.exists(TEMPORARY_NAME)) {
      disk.delete(TEMPORARY_NAME);
    }
    try (DiskFile file = disk.create(TEMPORARY_NAME)) {
      file.write(new ByteBuffer[] {encode(fence)}, 0);
      file.force();
    }
    disk.rename(TEMPORARY_NAME, NAME);
    disk.forceDirectory();
  }

  private static ByteBuffer encode(Fence fence) {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    buffer.putInt(MAGIC).putInt(FORMAT).putLong(fence.index());
    buffer.putLong(fence.own().high()).putLong(fence.own().low());
    buffer.putLong(fence.majority().high()).putLong(fence.majority().low());
    return buffer.putInt(checksum(buffer)).flip();
  }

  private static boolean isIntact(ByteBuffer buffer) {
    return buffer.getInt(CHECKSUM_OFFSET) == checksum(buffer);
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().position(0).limit(CHECKSUM_OFFSET));
    return (int) crc.getValue();
  }
}
