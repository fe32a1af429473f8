package raftkv.port;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import raftkv.raft.Bytes;
import raftkv.raft.EntryFormat;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

/**
 * The one encoded form of a log entry, made once by whoever creates the entry and then the same in
 * the write-ahead log and on the wire. Pure and without state: callable from any thread.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     8  index
 *        8     8  term
 *       16     1  kind (EntryKind)
 *       17     4  length of the body
 *       21     4  CRC32C of offsets 0 to 20 and of the body
 *       25     n  body
 * </pre>
 *
 * <p>The checksum binds index and term to the body, so that a stale or misplaced entry is not taken
 * for another one (hazard 75).
 */
public final class EntryCodec implements EntryFormat {
  /** Size of everything in front of the body. */
  public static final int HEADER_BYTES = 25;

  private static final int TERM_OFFSET = 8;
  private static final int KIND_OFFSET = 16;
  private static final int LENGTH_OFFSET = 17;
  private static final int CHECKSUM_OFFSET = 21;

  @Override
  public LogEntry encode(LogPosition position, EntryKind kind, Bytes body) {
    byte[] array = new byte[HEADER_BYTES + body.length()];
    System.arraycopy(body.array(), body.offset(), array, HEADER_BYTES, body.length());
    ByteBuffer.wrap(array)
        .putLong(position.index())
        .putLong(position.term())
        .put(kind.code())
        .putInt(body.length())
        .putInt(checksum(array, 0, body.length()));
    return new LogEntry(position.index(), position.term(), kind, Bytes.wrap(array), HEADER_BYTES);
  }

  /**
   * Reads exactly one entry; the result shares the bytes.
   *
   * @throws MalformedEntry if the bytes are not one whole, intact entry of a known kind
   */
  public static LogEntry decode(Bytes encoded) {
    LogEntry entry = decodeFirst(encoded);
    if (entry.sizeBytes() != encoded.length()) {
      throw new MalformedEntry(MalformedEntry.Reason.LENGTH, "bytes behind the end of the entry");
    }
    return entry;
  }

  /**
   * Reads the entry at the beginning of the bytes, behind which others may follow; the result
   * shares the bytes. A damaged length allocates nothing.
   *
   * @throws MalformedEntry if the bytes do not begin with a whole, intact entry of a known kind
   */
  public static LogEntry decodeFirst(Bytes bytes) {
    if (bytes.length() < HEADER_BYTES) {
      throw new MalformedEntry(MalformedEntry.Reason.LENGTH, "shorter than an entry's header");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes.array(), bytes.offset(), HEADER_BYTES).slice();
    int bodyLength = header.getInt(LENGTH_OFFSET);
    if (bodyLength < 0 || bodyLength > bytes.length() - HEADER_BYTES) {
      throw new MalformedEntry(
          MalformedEntry.Reason.LENGTH, "body of " + bodyLength + " bytes is not there");
    }
    if (header.getInt(CHECKSUM_OFFSET) != checksum(bytes.array(), bytes.offset(), bodyLength)) {
      throw new MalformedEntry(MalformedEntry.Reason.CHECKSUM, "checksum differs");
    }
    Bytes encoded = Bytes.wrap(bytes.array(), bytes.offset(), HEADER_BYTES + bodyLength);
    return checked(
        header.getLong(0), header.getLong(TERM_OFFSET), header.get(KIND_OFFSET), encoded);
  }

  /**
   * How many bytes the entry at the beginning claims to have: what lies behind a damaged entry is
   * found by it, if the damage is elsewhere.
   *
   * @return -1 if it claims more than there are
   */
  public static int lengthOfFirst(Bytes bytes) {
    if (bytes.length() < HEADER_BYTES) {
      return -1;
    }
    int body =
        ByteBuffer.wrap(bytes.array(), bytes.offset(), HEADER_BYTES).slice().getInt(LENGTH_OFFSET);
    return body < 0 || body > bytes.length() - HEADER_BYTES ? -1 : HEADER_BYTES + body;
  }

  /**
   * Whether the encoded form is intact and says the same as the entry's fields: what the applier
   * asks once more, after the entry has lain in memory (hazard 103).
   */
  public static boolean isIntact(LogEntry entry) {
    try {
      LogEntry decoded = decode(entry.encoded());
      return decoded.index() == entry.index()
          && decoded.term() == entry.term()
          && decoded.kind() == entry.kind()
          && decoded.bodyOffset() == entry.bodyOffset();
    } catch (MalformedEntry malformed) {
      return false;
    }
  }

  /** The checksum is right, so what is wrong here was written so: by a newer version, or a bug. */
  private static LogEntry checked(long index, long term, byte kindCode, Bytes encoded) {
    if (index < 1 || term < 1) {
      throw new MalformedEntry(
          MalformedEntry.Reason.RANGE, "index " + index + " or term " + term + " is not positive");
    }
    EntryKind kind = EntryKind.ofCode(kindCode);
    if (kind == null) {
      throw new MalformedEntry(
          MalformedEntry.Reason.UNKNOWN_KIND,
          "entry " + index + "@" + term + " is of kind " + kindCode + ", not known here");
    }
    return new LogEntry(index, term, kind, encoded, HEADER_BYTES);
  }

  private static int checksum(byte[] array, int offset, int bodyLength) {
    CRC32C crc = new CRC32C();
    crc.update(array, offset, CHECKSUM_OFFSET);
    crc.update(array, offset + HEADER_BYTES, bodyLength);
    return (int) crc.getValue();
  }
}
