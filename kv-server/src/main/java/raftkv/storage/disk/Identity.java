package raftkv.storage.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * Whose directory this is.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVI"
 *        4     2  format, 1
 *        6     1  node id
 *        7     1  1 if the cluster id is known, else 0
 *        8    16  cluster id, or zeros
 *       24     4  CRC32C of everything before: in every format the last four bytes of the file
 * </pre>
 *
 * @param node the only node that may use the directory
 * @param cluster the only cluster that may, or null while the node knows none
 */
record Identity(NodeId node, @Nullable ClusterId cluster) {
  static final int FORMAT = 1;

  /** No identity file of any format is longer. */
  static final int MAX_BYTES = 512;

  private static final int MAGIC = 0x524b5649;
  private static final int SIZE_BYTES = 28;
  private static final int CHECKSUM_BYTES = 4;

  byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    buffer.putInt(MAGIC).putShort((short) FORMAT).put((byte) node.value());
    buffer.put((byte) (cluster == null ? 0 : 1));
    buffer.putLong(cluster == null ? 0 : cluster.high());
    buffer.putLong(cluster == null ? 0 : cluster.low());
    return buffer.putInt(checksum(buffer.array(), SIZE_BYTES)).array();
  }

  /**
   * The format that intact bytes are of, which may be newer than {@link #FORMAT}.
   *
   * @return 0 if the bytes are no intact identity of any format
   */
  static int formatOf(byte[] file) {
    if (file.length < SIZE_BYTES || file.length > MAX_BYTES) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.wrap(file);
    boolean intact =
        buffer.getInt(0) == MAGIC
            && buffer.getInt(file.length - CHECKSUM_BYTES) == checksum(file, file.length);
    return intact ? Short.toUnsignedInt(buffer.getShort(4)) : 0;
  }

  /** Reads bytes whose {@link #formatOf} is {@link #FORMAT}. */
  static Identity decode(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    ClusterId cluster = new ClusterId(buffer.getLong(8), buffer.getLong(16));
    return new Identity(
        new NodeId(Byte.toUnsignedInt(buffer.get(6))), buffer.get(7) == 0 ? null : cluster);
  }

  private static int checksum(byte[] file, int sizeBytes) {
    CRC32C crc = new CRC32C();
    crc.update(file, 0, sizeBytes - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }
}
