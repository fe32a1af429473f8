package raftkv.storage.disk;

import java.io.IOException;
import java.util.List;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;

/**
 * Opens what stands in the data directory. A file that cannot be opened, for want of rights or of
 * file descriptors, is not damaged: nobody knows what is in it, and it may be as good as ever. Only
 * a read that fails in an open file is rot.
 */
public final class Access {
  private Access() {}

  /**
   * Opens an existing file.
   *
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if it cannot be opened
   */
  public static DiskFile open(Disk disk, String name) {
    try {
      return disk.open(name);
    } catch (IOException e) {
      throw denied(disk.describe(name), e);
    }
  }

  /**
   * The size of an open file.
   *
   * @param file its full name
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if it cannot be told
   */
  public static long sizeBytes(DiskFile open, String file) {
    try {
      return open.sizeBytes();
    } catch (IOException e) {
      throw denied(file, e);
    }
  }

  /**
   * The names of all files.
   *
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if the directory cannot be read
   */
  public static List<String> list(Disk disk) {
    try {
      return disk.list();
    } catch (IOException e) {
      throw denied(disk.describe(""), e);
    }
  }

  private static StorageFailure denied(String file, IOException cause) {
    return new StorageFailure(
        ExitCode.UNAVAILABLE, file + " cannot be opened: " + IoCause.of(cause), cause);
  }
}
