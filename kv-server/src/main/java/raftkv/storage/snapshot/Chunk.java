package raftkv.storage.snapshot;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import raftkv.raft.Bytes;

/**
 * The head of a chunk, behind which its bytes of state follow. The checksum binds the number to
 * them, so that a chunk in another one's place is none.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  length n of the state in this chunk, from 1; 0 begins the footer
 *        4     4  number of the chunk, from 1
 *        8     4  CRC32C of offsets 0 to 7 and of the state
 *       12     n  state
 * </pre>
 */
record Chunk(int length, int number, int checksum) {
  static final int HEAD_BYTES = 12;

  /** No chunk is longer, so that no damaged length asks for more memory. */
  static final int MAX_BYTES = 4 << 20;

  private static final int CHECKED_HEAD_BYTES = 8;

  static ByteBuffer head(int number, Bytes state) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.putInt(state.length()).putInt(number);
    return head.putInt(checksum(head.array(), state)).flip();
  }

  static Chunk decode(byte[] head) {
    ByteBuffer in = ByteBuffer.wrap(head);
    return new Chunk(in.getInt(0), in.getInt(4), in.getInt(8));
  }

  static int checksum(byte[] head, Bytes state) {
    CRC32C crc = new CRC32C();
    crc.update(head, 0, CHECKED_HEAD_BYTES);
    crc.update(state.array(), state.offset(), state.length());
    return (int) crc.getValue();
  }
}
