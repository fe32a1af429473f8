package raftkv.storage.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.port.DiskFile;
import raftkv.port.SnapshotFile;
import raftkv.raft.Bytes;

/** Reads and verifies a snapshot file from its beginning to its end, a piece at a time. */
final class SnapshotReading implements AutoCloseable {
  /** How much is read in one go. */
  static final int PIECE_BYTES = 256 << 10;

  private final DiskFile file;
  private final SnapshotParser parser;
  private long offset;

  /** Of an open file, which it closes. */
  SnapshotReading(DiskFile file, SnapshotParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Reads the rest of the file in one go. */
  SnapshotParser.Verified verify() throws IOException, DamagedSnapshot {
    SnapshotParser.Verified verified = null;
    while (verified == null) {
      verified = step();
    }
    return verified;
  }

  /**
   * Reads header and footer alone: enough for a file that is not needed now. It is verified when it
   * is.
   */
  static SnapshotFile peek(DiskFile file, long sizeBytes) throws IOException, DamagedSnapshot {
    byte[] fixed = exactly(file, 0, SnapshotHeader.FIXED_BYTES);
    byte[] roster = exactly(file, SnapshotHeader.FIXED_BYTES, SnapshotHeader.rosterBytes(fixed));
    long footerAt = sizeBytes - SnapshotFooter.SIZE_BYTES;
    SnapshotFooter footer =
        SnapshotFooter.decode(
            exactly(file, Math.max(0, footerAt), SnapshotFooter.SIZE_BYTES), footerAt);
    return new SnapshotFile(SnapshotHeader.decode(fixed, roster).meta(), footer.hash(), sizeBytes);
  }

  private static byte[] exactly(DiskFile file, long offset, int length)
      throws IOException, DamagedSnapshot {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    if (file.read(buffer, offset) != length) {
      throw new DamagedSnapshot(file.sizeBytes(), "the file ends in the middle");
    }
    return buffer.array();
  }

  /** Reads the next piece; what was verified, once all of it was read. */
  SnapshotParser.@Nullable Verified step() throws IOException, DamagedSnapshot {
    Bytes piece = next(PIECE_BYTES);
    return piece.length() == 0 ? parser.finish() : null;
  }

  /** How far the file was read. */
  long offset() {
    return offset;
  }

  /** The file's size. */
  long sizeBytes() throws IOException {
    return file.sizeBytes();
  }

  /** Reads and verifies the next bytes; none at the end. */
  Bytes next(int maxBytes) throws IOException, DamagedSnapshot {
    Bytes piece = read(offset, maxBytes);
    parser.take(piece);
    offset += piece.length();
    return piece;
  }

  /** The file has no more bytes: verifies that this is its end. */
  SnapshotParser.Verified finish() throws DamagedSnapshot {
    return parser.finish();
  }

  /** Reads bytes without verifying them. */
  Bytes read(long from, int maxBytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(maxBytes);
    int count = file.read(buffer, from);
    return Bytes.wrap(buffer.array(), 0, count);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
