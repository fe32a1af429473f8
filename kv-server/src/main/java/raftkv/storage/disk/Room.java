package raftkv.storage.disk;

import java.io.IOException;
import java.util.Locale;
import raftkv.port.Disk;

/** Whether the disk has room. A full disk is a state, not an error. */
public final class Room {
  /** Less than this is no room for anything. */
  private static final long NOTHING_BYTES = 1 << 20;

  private Room() {}

  /** Whether so much fits. */
  public static boolean hasFor(Disk disk, long bytes) throws IOException {
    return disk.freeSpaceBytes() >= bytes;
  }

  /**
   * Whether an error was for want of room. Java does not tell it from other errors, but for the
   * system's own words; the space that is left does.
   */
  public static boolean isWantedBy(IOException error, Disk disk) {
    return isWantedBy(error, disk, NOTHING_BYTES);
  }

  /** The same for an attempt that wanted so much. */
  public static boolean isWantedBy(IOException error, Disk disk, long bytes) {
    String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left") || message.contains("quota exceeded")) {
      return true;
    }
    try {
      return disk.freeSpaceBytes() < bytes;
    } catch (IOException e) {
      error.addSuppressed(e);
      return false;
    }
  }
}
