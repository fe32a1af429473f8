package raftkv.storage.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/**
 * Sizes and small fields that both kinds of header share.
 *
 * <pre>
 *   hard state, 32 bytes            position, 16 bytes
 *   offset  size  field             offset  size  field
 *        0     8  term                   0     8  index
 *        8    16  incarnation            8     8  term
 *       24     1  voted for, 0 if nobody
 *       25     1  1 if admitted, else 0
 *       26     6  zeros
 * </pre>
 */
final class Layout {
  /** What the disk writes whole or not at all. Every record begins at a multiple of it. */
  static final int SECTOR = 512;

  /** What may be lost as one. Each copy of a marker has a page of its own. */
  static final int PAGE = 4096;

  private Layout() {}

  static int roundUp(int offset, int unit) {
    return (offset + unit - 1) / unit * unit;
  }

  static void put(ByteBuffer target, HardState hardState) {
    NodeId votedFor = hardState.votedFor();
    target
        .putLong(hardState.term())
        .putLong(hardState.incarnation().high())
        .putLong(hardState.incarnation().low())
        .put((byte) (votedFor == null ? 0 : votedFor.value()))
        .put((byte) (hardState.admitted() ? 1 : 0))
        .putShort((short) 0)
        .putInt(0);
  }

  static HardState hardState(ByteBuffer source, int offset) {
    return new HardState(
        source.getLong(offset),
        node(source.get(offset + 24)),
        new Incarnation(source.getLong(offset + 8), source.getLong(offset + 16)),
        source.get(offset + 25) != 0);
  }

  static void put(ByteBuffer target, LogPosition position) {
    target.putLong(position.index()).putLong(position.term());
  }

  static LogPosition position(ByteBuffer source, int offset) {
    return new LogPosition(source.getLong(offset), source.getLong(offset + 8));
  }

  static int checksum(ByteBuffer source, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(source.duplicate().clear().position(offset).limit(offset + length));
    return (int) crc.getValue();
  }

  private static @Nullable NodeId node(byte value) {
    return value == 0 ? null : new NodeId(Byte.toUnsignedInt(value));
  }
}
