package raftkv.storage.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Disk;
import raftkv.port.DiskFile;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.storage.disk.Access;
import raftkv.storage.disk.IoCause;

/**
 * A segment file as it was found, in memory. Says what is there; whether it belongs to the log, the
 * chain decides.
 */
final class SegmentImage {
  private final long number;
  private final String file;
  private final ByteBuffer bytes;

  /** The end of the last page that could not be read; 0 if all could. Such pages are zeros here. */
  private final int unreadableEnd;

  private SegmentImage(long number, String file, ByteBuffer bytes, int unreadableEnd) {
    this.number = number;
    this.file = file;
    this.bytes = bytes;
    this.unreadableEnd = unreadableEnd;
  }

  /**
   * Reads the file.
   *
   * @throws StorageFailure with {@link ExitCode#DAMAGED} if it cannot be read (which is damage,
   *     never a torn tail) or is larger than any segment, so that no damaged length asks for
   *     memory; with {@link ExitCode#UNAVAILABLE} if it cannot be opened, which says nothing of it
   */
  static SegmentImage read(Disk disk, long number) {
    String name = Segments.name(number);
    String file = disk.describe(name);
    try (DiskFile open = Access.open(disk, name)) {
      long sizeBytes = Access.sizeBytes(open, file);
      if (sizeBytes > WalConfig.MAX_SEGMENT_BYTES) {
        throw Segments.damaged(file, 0, "it has " + sizeBytes + " bytes, more than any segment");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
      if (open.read(bytes, 0) != sizeBytes) {
        throw Segments.damaged(file, bytes.position(), "it became shorter while it was read");
      }
      return new SegmentImage(number, file, bytes.clear(), 0);
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.DAMAGED, "read of " + file + " failed: " + IoCause.of(e), e);
    }
  }

  /**
   * Reads page by page what can be read of a damaged segment.
   *
   * @return null if there is nothing to read
   * @throws StorageFailure as of {@link #read} if it cannot be opened: it may be intact
   */
  static @Nullable SegmentImage readLeniently(Disk disk, long number) {
    String name = Segments.name(number);
    String file = disk.describe(name);
    try (DiskFile open = Access.open(disk, name)) {
      long sizeBytes = Access.sizeBytes(open, file);
      if (sizeBytes < Layout.SECTOR || sizeBytes > WalConfig.MAX_SEGMENT_BYTES) {
        return null;
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) sizeBytes);
      int unreadableEnd = 0;
      for (int at = 0; at < sizeBytes; at += Layout.PAGE) {
        int length = (int) Math.min(Layout.PAGE, sizeBytes - at);
        if (!isRead(open, bytes.slice(at, length), at)) {
          unreadableEnd = at + length;
        }
      }
      SegmentImage image = new SegmentImage(number, file, bytes, unreadableEnd);
      return image.isCut() ? image.withUnreadableEnd() : image;
    } catch (IOException e) {
      throw new StorageFailure(
          ExitCode.UNAVAILABLE, file + " cannot be closed: " + IoCause.of(e), e);
    }
  }

  private static boolean isRead(DiskFile file, ByteBuffer page, int offset) {
    try {
      return file.read(page, offset) == page.capacity();
    } catch (IOException e) {
      page.clear();
      while (page.hasRemaining()) {
        page.put((byte) 0);
      }
      return false;
    }
  }

  /** Shorter than it was made. */
  private boolean isCut() {
    SegmentHeader header = SegmentHeader.formatOf(bytes) == 0 ? null : header();
    return header == null
        ? !WalConfig.isSegmentSize(sizeBytes())
        : header.sizeBytes() > sizeBytes();
  }

  private SegmentImage withUnreadableEnd() {
    return new SegmentImage(number, file, bytes, Integer.MAX_VALUE);
  }

  long number() {
    return number;
  }

  /** The full name, for messages. */
  String file() {
    return file;
  }

  int sizeBytes() {
    return bytes.capacity();
  }

  /** The header, if it is intact and of this format. */
  @Nullable SegmentHeader header() {
    int format = SegmentHeader.formatOf(bytes);
    refuseNewer(format, SegmentHeader.FORMAT, 0);
    return format == 0 ? null : SegmentHeader.decode(bytes);
  }

  /** The header of the record at that offset, if it is intact and was written for this place. */
  @Nullable RecordHeader recordAt(int offset) {
    int format = RecordHeader.formatAt(bytes, offset);
    refuseNewer(format, RecordHeader.FORMAT, offset);
    RecordHeader header = format == 0 ? null : RecordHeader.decodeAt(bytes, offset);
    if (header == null || header.segment() != number) {
      return null;
    }
    boolean secondCopy =
        header.kind() == RecordKind.MARKER && header.offset() == offset - Layout.PAGE;
    return header.offset() == offset || secondCopy ? header : null;
  }

  /** The bytes behind a record's header, copied, so that the image can go. */
  byte[] payload(RecordHeader header) {
    byte[] payload = new byte[header.payload().sizeBytes()];
    bytes.get(header.offset() + RecordHeader.SIZE_BYTES, payload);
    return payload;
  }

  /** The bytes from one offset to another, a copy. */
  ByteBuffer slice(int from, int to) {
    byte[] copy = new byte[to - from];
    bytes.get(from, copy);
    return ByteBuffer.wrap(copy);
  }

  /** Whether the record's lengths stay inside the file. */
  boolean holds(RecordHeader header) {
    int room = bytes.capacity() - header.offset() - RecordHeader.SIZE_BYTES;
    return header.payload().sizeBytes() >= 0 && header.payload().sizeBytes() <= room;
  }

  /** Where a record at or behind that offset shows that a place behind the offset was forced. */
  int witnessBehind(int offset) {
    int from = Layout.roundUp(offset, Layout.SECTOR);
    for (int at = from; at + RecordHeader.SIZE_BYTES <= bytes.capacity(); at += Layout.SECTOR) {
      RecordHeader header = recordAt(at);
      if (header != null && header.knownForced() > offset) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Whether something at or behind that offset can be no torn tail though nothing intact says so: a
   * page that cannot be read, or a marker of which neither copy is intact (a crash leaves one of
   * them whole, or none). What it vouched for may be lost with it.
   */
  boolean hidesPromisesBehind(int offset) {
    return unreadableEnd > offset || damagedMarkerBehind(offset) >= 0;
  }

  /** Whether some of it could not be read, or is missing at its end. */
  boolean isIncomplete() {
    return unreadableEnd > 0;
  }

  /** Where a marker begins that stands behind that offset and is not intact; -1 if none does. */
  int damagedMarkerBehind(int offset) {
    int from = Layout.roundUp(offset, Layout.PAGE);
    for (int at = from; at + Layout.PAGE + Layout.SECTOR <= bytes.capacity(); at += Layout.PAGE) {
      if (RecordHeader.looksLikeMarker(bytes, at, at + Layout.PAGE, number)
          && recordAt(at) == null
          && recordAt(at + Layout.PAGE) == null) {
        return at;
      }
    }
    return -1;
  }

  /** Whether anything in this segment shows that it was entered. */
  boolean wasEntered() {
    return header() != null || witnessBehind(0) >= 0;
  }

  /** The offset behind the last byte that is not zero, at or behind {@code from}. */
  int endOfBytes(int from) {
    int at = bytes.capacity();
    while (at - Long.BYTES >= from && bytes.getLong(at - Long.BYTES) == 0) {
      at -= Long.BYTES;
    }
    while (at > from && bytes.get(at - 1) == 0) {
      at--;
    }
    return at;
  }

  private void refuseNewer(int format, int known, int offset) {
    if (format > known) {
      throw new StorageFailure(
          ExitCode.NEWER_FORMAT,
          file
              + " at offset "
              + offset
              + " is of format "
              + format
              + ", this version knows up to "
              + known);
    }
  }
}
