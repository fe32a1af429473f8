package raftkv.storage.wal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * The first sector of a segment, written and forced when the segment is entered, so that the hard
 * state never stands only in segments that may be deleted (safety rule 6.8). A segment that was
 * only prepared has zeros there.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVS"
 *        4     2  format, 1
 *        6     1  node id
 *        7     1  1 if the cluster id is known, else 0
 *        8     8  number of the segment, from 1
 *       16     4  size of the file
 *       20     4  chain: CRC field of the record that closes the segment before, 0 in the first
 *       24     8  number of the first record here
 *       32    16  last position: the log's base, should the segments before be deleted
 *       48     8  commit index
 *       56    32  hard state
 *       88    16  cluster id, or zeros
 *      104     1  1 if the log begins here anew and earlier segments are dead, else 0
 *      105   403  zeros
 *      508     4  CRC32C of offsets 0 to 507
 * </pre>
 */
record SegmentHeader(
    NodeId node,
    @Nullable ClusterId cluster,
    long number,
    int sizeBytes,
    int chain,
    long firstRecord,
    LogState state,
    boolean beginsAnew,
    int checksum) {
  static final int FORMAT = 1;

  private static final int MAGIC = 0x524b5653;
  private static final int CHECKSUM_OFFSET = 508;

  /** Fills a sector; the checksum field is ignored and the one computed is returned. */
  int encode(ByteBuffer sector) {
    Check.that(sector.capacity() == Layout.SECTOR, "a segment's header is one sector");
    ByteBuffer out = sector.duplicate().clear();
    out.putInt(MAGIC).putShort((short) FORMAT).put((byte) node.value());
    out.put((byte) (cluster == null ? 0 : 1));
    out.putLong(number).putInt(sizeBytes).putInt(chain).putLong(firstRecord);
    Layout.put(out, state.last());
    out.putLong(state.commitIndex());
    Layout.put(out, state.hardState());
    out.putLong(cluster == null ? 0 : cluster.high());
    out.putLong(cluster == null ? 0 : cluster.low());
    out.putInt(beginsAnew ? 1 << 24 : 0);
    while (out.position() < CHECKSUM_OFFSET) {
      out.putInt(0);
    }
    int sum = Layout.checksum(sector, 0, CHECKSUM_OFFSET);
    out.putInt(sum);
    return sum;
  }

  /**
   * The format of an intact header, which may be newer than {@link #FORMAT}.
   *
   * @return 0 if there is no intact header of any format
   */
  static int formatOf(ByteBuffer image) {
    if (image.capacity() < Layout.SECTOR || image.getInt(0) != MAGIC) {
      return 0;
    }
    return image.getInt(CHECKSUM_OFFSET) == Layout.checksum(image, 0, CHECKSUM_OFFSET)
        ? Short.toUnsignedInt(image.getShort(4))
        : 0;
  }

  /** Reads an intact header of {@link #FORMAT}. */
  static SegmentHeader decode(ByteBuffer image) {
    ClusterId cluster = new ClusterId(image.getLong(88), image.getLong(96));
    return new SegmentHeader(
        new NodeId(Byte.toUnsignedInt(image.get(6))),
        image.get(7) == 0 ? null : cluster,
        image.getLong(8),
        image.getInt(16),
        image.getInt(20),
        image.getLong(24),
        new LogState(Layout.hardState(image, 56), Layout.position(image, 32), image.getLong(48)),
        image.get(104) != 0,
        image.getInt(CHECKSUM_OFFSET));
  }
}
