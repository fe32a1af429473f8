package raftkv.storage.disk;

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

/**
 * The fence as a file of the data directory, written under a temporary name, forced, renamed, the
 * directory forced. A damaged one is no reason to serve: the node refuses to start.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVF"
 *        4     2  format, 1
 *        6     8  applied index at which the states differ
 *       14    16  this replica's state hash
 *       30    16  the majority's
 *       46     4  CRC32C of everything before
 * </pre>
 */
public final class FenceFile implements FenceStore {
  private static final String NAME = "fence";
  private static final int MAGIC = 0x524b5646;
  private static final short FORMAT = 1;
  private static final int SIZE_BYTES = 50;
  private static final int CHECKSUM_OFFSET = 46;

  private final Disk disk;
  private final Worker fileWorker;
  private final @Nullable Fence raised;

  private FenceFile(Disk disk, Worker fileWorker, @Nullable Fence raised) {
    this.disk = disk;
    this.fileWorker = fileWorker;
    this.raised = raised;
  }

  /**
   * Reads what is there; blocking.
   *
   * @param fileWorker writes the fence
   * @throws StorageFailure with {@link ExitCode#DAMAGED}, {@link ExitCode#NEWER_FORMAT} or {@link
   *     ExitCode#UNAVAILABLE}
   */
  public static FenceFile open(Disk disk, Worker fileWorker) {
    try {
      return new FenceFile(disk, fileWorker, disk.exists(NAME) ? read(disk) : null);
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.UNAVAILABLE, disk.describe(NAME) + " cannot be read: " + IoCause.of(e), e);
    }
  }

  @Override
  public @Nullable Fence raised() {
    return raised;
  }

  @Override
  public void raise(Fence fence, Consumer<@Nullable StorageFailure> done) {
    fileWorker.execute(() -> done.accept(write(fence)));
  }

  private @Nullable StorageFailure write(Fence fence) {
    try {
      String unfinished = NAME + DataDirectory.UNFINISHED_SUFFIX;
      if (disk.exists(unfinished)) {
        disk.delete(unfinished);
      }
      try (DiskFile file = disk.create(unfinished)) {
        file.write(new ByteBuffer[] {ByteBuffer.wrap(encode(fence))}, 0);
        file.force();
      }
      disk.rename(unfinished, NAME);
      disk.forceDirectory();
      return null;
    } catch (IOException e) {
      return new StorageFailure(
          ExitCode.WRITE_FAILED,
          disk.describe(NAME) + " could not be written: " + IoCause.of(e),
          e);
    }
  }

  private static byte[] encode(Fence fence) {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    buffer.putInt(MAGIC).putShort(FORMAT).putLong(fence.index());
    buffer.putLong(fence.own().high()).putLong(fence.own().low());
    buffer.putLong(fence.majority().high()).putLong(fence.majority().low());
    return buffer.putInt(checksum(buffer.array())).array();
  }

  private static Fence read(Disk disk) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    try (DiskFile file = disk.open(NAME)) {
      if (file.sizeBytes() != SIZE_BYTES) {
        throw damaged(disk);
      }
      file.read(buffer, 0);
    }
    if (buffer.getInt(0) != MAGIC || buffer.getInt(CHECKSUM_OFFSET) != checksum(buffer.array())) {
      throw damaged(disk);
    }
    if (buffer.getShort(4) != FORMAT) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT,
          disk.describe(NAME) + " is of format " + buffer.getShort(4) + ", known is " + FORMAT);
    }
    return new Fence(
        buffer.getLong(6),
        new StateHash(buffer.getLong(14), buffer.getLong(22)),
        new StateHash(buffer.getLong(30), buffer.getLong(38)));
  }

  private static StorageFailure damaged(Disk disk) {
    return new StorageFailure(
        ExitCode.DAMAGED,
        disk.describe(NAME)
            + " at offset 0: damaged, so nobody knows whether this replica differs");
  }

  private static int checksum(byte[] file) {
    CRC32C crc = new CRC32C();
    crc.update(file, 0, CHECKSUM_OFFSET);
    return (int) crc.getValue();
  }
}
