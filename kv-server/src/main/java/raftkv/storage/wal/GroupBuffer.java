package raftkv.storage.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.LogEntry;

/**
 * The bytes of one group commit, assembled in one direct buffer that is used again and again and
 * grows to the largest group seen. Owned by the disk worker.
 *
 * <p>Entries are copied here from their own arrays. A gathering write would copy them too, since a
 * channel writes heap buffers through temporary direct ones, and would keep one of those per buffer
 * in the thread's cache: up to 1,024 of up to an entry's size each. One copy into one buffer costs
 * the same and is bounded.
 */
final class GroupBuffer {
  private static final int INITIAL_BYTES = 8 << 10;

  private final CRC32C entriesChecksum = new CRC32C();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(INITIAL_BYTES);

  /** Where the record being made begins, and how many entries it has. */
  private int recordStart;

  private int entries;

  /** How long the group would be with the record being made and so many more bytes of entries. */
  int sizeWith(int entryBytes) {
    return Layout.roundUp(buffer.position() + entryBytes, Layout.SECTOR);
  }

  int sizeBytes() {
    return buffer.position();
  }

  /** Where in the group the record under way begins. */
  int recordStart() {
    return recordStart;
  }

  int payloadBytes() {
    return buffer.position() - recordStart - RecordHeader.SIZE_BYTES;
  }

  void beginRecord() {
    Check.that(buffer.position() % Layout.SECTOR == 0, "a record begins with a sector");
    recordStart = buffer.position();
    entries = 0;
    entriesChecksum.reset();
    grow(Layout.SECTOR);
    buffer.position(recordStart + RecordHeader.SIZE_BYTES);
  }

  void add(LogEntry entry) {
    Bytes encoded = entry.encoded();
    grow(encoded.length() + Layout.SECTOR);
    buffer.put(encoded.array(), encoded.offset(), encoded.length());
    entriesChecksum.update(encoded.array(), encoded.offset(), EntryCodec.HEADER_BYTES);
    entries++;
  }

  RecordHeader.Payload payload() {
    return entries == 0
        ? RecordHeader.Payload.NONE
        : new RecordHeader.Payload(payloadBytes(), entries, (int) entriesChecksum.getValue());
  }

  /** Puts the header in front and zeros behind, up to the sector's end; gives its checksum. */
  int endRecord(RecordHeader header) {
    while (buffer.position() % Layout.SECTOR != 0) {
      buffer.put((byte) 0);
    }
    return header.encodeAt(buffer, recordStart);
  }

  /**
   * The whole group, for writing; the buffer is empty afterwards, and the bytes stay until then.
   */
  ByteBuffer take() {
    ByteBuffer group = buffer.duplicate().flip();
    buffer.clear();
    return group;
  }

  private void grow(int more) {
    if (buffer.remaining() < more) {
      int needed = Math.max(buffer.capacity() * 2, buffer.position() + more);
      buffer = ByteBuffer.allocateDirect(needed).put(buffer.flip());
    }
  }
}
