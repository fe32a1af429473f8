package raftkv.storage.snapshot;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import raftkv.port.StateHash;

/**
 * The end of a snapshot file: what all of it must add up to.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  zeros: no chunk
 *        4     4  number of chunks
 *        8     4  CRC32C of everything in front of the footer
 *       12     8  bytes of state in all chunks
 *       20    16  hash of the state, as the state machine kept it entry by entry
 *       36     8  bytes in front of the footer
 *       44     4  CRC32C of offsets 0 to 43
 * </pre>
 */
record SnapshotFooter(int chunks, int fileChecksum, long stateBytes, StateHash hash, long offset) {
  static final int SIZE_BYTES = 48;

  private static final int CHECKSUM_OFFSET = 44;

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(SIZE_BYTES);
    out.putInt(0).putInt(chunks).putInt(fileChecksum).putLong(stateBytes);
    out.putLong(hash.high()).putLong(hash.low()).putLong(offset);
    return out.putInt(checksum(out.array())).array();
  }

  /** Reads a footer that stands at that offset. */
  static SnapshotFooter decode(byte[] bytes, long offset) throws DamagedSnapshot {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt(0) != 0 || in.getInt(CHECKSUM_OFFSET) != checksum(bytes)) {
      throw new DamagedSnapshot(offset, "there is neither an intact chunk nor a footer");
    }
    StateHash hash = new StateHash(in.getLong(20), in.getLong(28));
    SnapshotFooter footer =
        new SnapshotFooter(in.getInt(4), in.getInt(8), in.getLong(12), hash, in.getLong(36));
    if (footer.offset != offset) {
      throw new DamagedSnapshot(offset, "the footer belongs to offset " + footer.offset);
    }
    return footer;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKSUM_OFFSET);
    return (int) crc.getValue();
  }
}
