package raftkv.storage.wal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * The header of a record, at a sector's beginning; a batch's entries follow it directly.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVB"
 *        4     2  format, 1
 *        6     1  kind (RecordKind)
 *        7     1  change (LogChange.Kind)
 *        8     8  number of the segment
 *       16     4  offset of this record in the segment; in a marker's second copy, of the first
 *       20     4  bytes of the entries
 *       24     4  number of the entries
 *       28     4  CRC32C of the 25-byte headers of all the entries, in order
 *       32     8  number of the record: rises by one from the log's first record on
 *       40     4  chain: CRC field of the record or segment header before
 *       44     4  known forced: everything in front of that offset, and every earlier segment
 *       48    16  position of the change
 *       64    16  last position
 *       80     8  commit index
 *       88    32  hard state
 *      120     4  zeros
 *      124     4  CRC32C of offsets 0 to 123
 * </pre>
 *
 * <p>Segment, offset, number and chain bind a record to its place: a stale, swapped or repeated
 * block is none (hazard 75). The entries carry checksums of their own, and the one here binds them
 * to this record at the price of 25 bytes each. All formats keep the first six bytes and the last
 * four where they are.
 */
record RecordHeader(
    RecordKind kind,
    long segment,
    int offset,
    Payload payload,
    long number,
    int chain,
    int knownForced,
    LogChange change,
    LogState state,
    int checksum) {
  static final int FORMAT = 1;
  static final int SIZE_BYTES = 128;

  private static final int MAGIC = 0x524b5642;
  private static final int CHECKSUM_OFFSET = 124;

  /** So many may be flipped in both copies of what is looked for. */
  private static final int TOLERATED_BITS = 1;

  /** How much follows a header: bytes, entries, and the checksum over the entries' headers. */
  record Payload(int sizeBytes, int entries, int checksum) {
    static final Payload NONE = new Payload(0, 0, 0);
  }

  /** The offset behind the record, a marker's second copy included. */
  int end() {
    int copy = kind == RecordKind.MARKER ? Layout.PAGE : 0;
    return offset + copy + Layout.roundUp(SIZE_BYTES + payload.sizeBytes, Layout.SECTOR);
  }

  /** What is not known before the bytes are made: the checksum field is ignored here. */
  int encodeAt(ByteBuffer target, int position) {
    ByteBuffer out = target.duplicate().position(position);
    out.putInt(MAGIC).putShort((short) FORMAT).put(kind.code()).put(change.kind().code());
    out.putLong(segment).putInt(offset);
    out.putInt(payload.sizeBytes).putInt(payload.entries).putInt(payload.checksum);
    out.putLong(number).putInt(chain).putInt(knownForced);
    Layout.put(out, change.position());
    Layout.put(out, state.last());
    out.putLong(state.commitIndex());
    Layout.put(out, state.hardState());
    out.putInt(0);
    int sum = Layout.checksum(target, position, CHECKSUM_OFFSET);
    out.putInt(sum);
    Check.that(out.position() == position + SIZE_BYTES, "a header has its size");
    return sum;
  }

  /**
   * The format of an intact header, which may be newer than {@link #FORMAT}.
   *
   * @return 0 if there is no intact header of any format
   */
  static int formatAt(ByteBuffer source, int position) {
    if (position + SIZE_BYTES > source.capacity() || source.getInt(position) != MAGIC) {
      return 0;
    }
    int sum = Layout.checksum(source, position, CHECKSUM_OFFSET);
    return source.getInt(position + CHECKSUM_OFFSET) == sum
        ? Short.toUnsignedInt(source.getShort(position + 4))
        : 0;
  }

  /**
   * Whether a marker was written there, intact or not. Values are in the log as they are, so one
   * may hold what a marker begins with, over and over; but the segment, the offset and the sizes,
   * which are those of one place alone, it can only guess. Each of them has to be right in one of
   * the copies, up to a bit in all: a damaged marker that is taken for a value would be a promise
   * lost, so no two flips may make it one.
   *
   * @param second where the second copy stands, which names the offset of the first
   */
  static boolean looksLikeMarker(ByteBuffer source, int first, int second, long segment) {
    if (!beginsLikeMarker(source, first) || !beginsLikeMarker(source, second)) {
      return false;
    }
    int wrong =
        Math.min(segmentBits(source, first, segment), segmentBits(source, second, segment))
            + Math.min(offsetBits(source, first, first), offsetBits(source, second, first))
            + Math.min(sizeBits(source, first), sizeBits(source, second));
    return wrong <= TOLERATED_BITS;
  }

  private static boolean beginsLikeMarker(ByteBuffer source, int position) {
    return position + SIZE_BYTES <= source.capacity()
        && source.getInt(position) == MAGIC
        && source.get(position + 6) == RecordKind.MARKER.code();
  }

  private static int segmentBits(ByteBuffer source, int position, long segment) {
    return Long.bitCount(source.getLong(position + 8) ^ segment);
  }

  private static int offsetBits(ByteBuffer source, int position, int offset) {
    return Integer.bitCount(source.getInt(position + 16) ^ offset);
  }

  /** A marker has no entries: their bytes, their number and their checksum are zeros. */
  private static int sizeBits(ByteBuffer source, int position) {
    return Integer.bitCount(source.getInt(position + 20))
        + Long.bitCount(source.getLong(position + 24));
  }

  /**
   * Reads an intact header of {@link #FORMAT}.
   *
   * @return null if it says something that this format does not have
   */
  static @Nullable RecordHeader decodeAt(ByteBuffer source, int position) {
    RecordKind kind = RecordKind.ofCode(source.get(position + 6));
    LogChange.Kind change = LogChange.Kind.ofCode(source.get(position + 7));
    if (kind == null || change == null) {
      return null;
    }
    return new RecordHeader(
        kind,
        source.getLong(position + 8),
        source.getInt(position + 16),
        new Payload(
            source.getInt(position + 20),
            source.getInt(position + 24),
            source.getInt(position + 28)),
        source.getLong(position + 32),
        source.getInt(position + 40),
        source.getInt(position + 44),
        new LogChange(change, Layout.position(source, position + 48)),
        new LogState(
            Layout.hardState(source, position + 88),
            Layout.position(source, position + 64),
            source.getLong(position + 80)),
        source.getInt(position + CHECKSUM_OFFSET));
  }
}
