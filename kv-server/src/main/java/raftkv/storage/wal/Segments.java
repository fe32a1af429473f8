package raftkv.storage.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.IoCause;
import raftkv.storage.disk.Room;

/** Names of the segment files, how they are prepared, and how their failures are told. */
final class Segments {
  private static final String SUFFIX = ".wal";
  private static final int DIGITS = 10;

  /**
   * A new segment is written and forced in pieces, so that a force of the log, which goes to the
   * same device, never waits behind all of it.
   */
  static final int PIECE_BYTES = 1 << 20;

  /** Nobody can write into it, so all threads share it. */
  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(PIECE_BYTES / 16).asReadOnlyBuffer();

  private Segments() {}

  static String name(long number) {
    String digits = Long.toString(number);
    String zeros = "0".repeat(Math.max(0, DIGITS - digits.length()));
    return DataDirectory.SEGMENT_PREFIX + zeros + digits + SUFFIX;
  }

  /** The numbers of all finished segments, ascending. */
  static List<Long> numbers(Disk disk) {
    List<Long> numbers = new ArrayList<>();
    for (String name : Access.list(disk)) {
      int end = name.length() - SUFFIX.length();
      if (name.startsWith(DataDirectory.SEGMENT_PREFIX) && name.endsWith(SUFFIX)) {
        String digits = name.substring(DataDirectory.SEGMENT_PREFIX.length(), end);
        if (digits.matches("[0-9]{" + DIGITS + ",18}")) {
          numbers.add(Long.parseLong(digits));
        }
      }
    }
    numbers.sort(null);
    return numbers;
  }

  /**
   * The segments that are the log: where one says that the log begins there anew, those before it
   * are dead.
   *
   * @throws StorageFailure with {@link ExitCode#UNAVAILABLE} if one of them cannot be opened: it
   *     may be the one that says so
   */
  static List<Long> living(Disk disk) {
    List<Long> numbers = numbers(disk);
    for (int i = numbers.size() - 1; i > 0; i--) {
      if (beginsAnew(disk, numbers.get(i))) {
        return numbers.subList(i, numbers.size());
      }
    }
    return numbers;
  }

  private static boolean beginsAnew(Disk disk, long number) {
    ByteBuffer sector = ByteBuffer.allocate(Layout.SECTOR);
    try (DiskFile file = Access.open(disk, name(number))) {
      file.read(sector, 0);
    } catch (IOException e) {
      return false; // whoever reads the segment will say so
    }
    return SegmentHeader.formatOf(sector) == SegmentHeader.FORMAT
        && SegmentHeader.decode(sector).number() == number
        && SegmentHeader.decode(sector).beginsAnew();
  }

  /** Gives a file a name under which it is no segment, and which no other file has. */
  static void putAside(Disk disk, String name) throws IOException {
    int copy = 0;
    String aside = "damaged-" + name;
    while (disk.exists(aside)) {
      copy++;
      aside = "damaged-" + copy + "-" + name;
    }
    disk.rename(name, aside);
  }

  /**
   * Makes a segment of zeros durably: under another name until all of it is forced, so that a
   * segment that exists is whole. Replaces a file of that name.
   */
  static void prepare(Disk disk, long number, int sizeBytes) throws IOException {
    deleteUnfinished(disk, number);
    String unfinished = unfinished(number);
    try (DiskFile file = disk.create(unfinished)) {
      for (int at = 0; at < sizeBytes; at += PIECE_BYTES) {
        file.write(zeros(Math.min(PIECE_BYTES, sizeBytes - at)), at);
        file.force();
      }
    }
    disk.rename(unfinished, name(number));
    disk.forceDirectory();
  }

  /** Clears away what an attempt to make that segment may have left. */
  static void deleteUnfinished(Disk disk, long number) throws IOException {
    String unfinished = unfinished(number);
    if (disk.exists(unfinished)) {
      disk.delete(unfinished);
    }
  }

  private static String unfinished(long number) {
    return name(number) + DataDirectory.UNFINISHED_SUFFIX;
  }

  /** So many zeros for a write; one small buffer stands for all of them. */
  static ByteBuffer[] zeros(int count) {
    int size = ZEROS.capacity();
    ByteBuffer[] buffers = new ByteBuffer[(count + size - 1) / size];
    Arrays.setAll(buffers, i -> ZEROS.duplicate());
    int rest = count - (buffers.length - 1) * size;
    buffers[buffers.length - 1].limit(rest);
    return buffers;
  }

  static StorageFailure writeFailed(String call, String file, long offset, IOException cause) {
    return new StorageFailure(
        ExitCode.WRITE_FAILED,
        call + " of " + file + " at offset " + offset + " failed: " + IoCause.of(cause),
        cause);
  }

  /** A start that could not write what it has to: for want of room, or because the disk fails. */
  static StorageFailure notWritten(String what, Disk disk, IOException cause) {
    return Room.isWantedBy(cause, disk)
        ? new StorageFailure(
            ExitCode.UNAVAILABLE, what + ": the disk is full; make room and start again", cause)
        : new StorageFailure(ExitCode.WRITE_FAILED, what + ": " + IoCause.of(cause), cause);
  }

  static StorageFailure damaged(String file, long offset, String what) {
    return new StorageFailure(
        ExitCode.DAMAGED,
        "the log is damaged: "
            + file
            + " at offset "
            + offset
            + ": "
            + what
            + "; nothing was changed");
  }
}
