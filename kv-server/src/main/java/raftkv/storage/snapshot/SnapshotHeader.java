package raftkv.storage.snapshot;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;

/**
 * The beginning of a snapshot file: what it is of. It names no node, so that equal states give
 * equal files.
 *
 * <pre>
 *   offset  size  field (big-endian)
 *        0     4  "RKVN"
 *        4     2  format, 1
 *        6     2  zeros
 *        8     8  index of the last included entry
 *       16     8  its term
 *       24    16  cluster id
 *       40     4  bytes of the roster that follows
 *       44     4  CRC32C of the roster
 *       48    12  zeros
 *       60     4  CRC32C of offsets 0 to 59
 *       64  18*n  roster, per member in ascending order:
 *                 node id (1), incarnation (16), 1 if named by ADMIT else 0
 * </pre>
 *
 * <p>All formats keep the first six bytes and the checksum at 60 where they are.
 */
record SnapshotHeader(SnapshotMeta meta, int rosterBytes, int rosterChecksum) {
  static final int FORMAT = 1;
  static final int FIXED_BYTES = 64;

  static final int MAGIC = 0x524b564e;
  private static final int CHECKSUM_OFFSET = 60;
  private static final int MEMBER_BYTES = 18;
  private static final int MAX_ROSTER_BYTES = NodeId.MAX * MEMBER_BYTES;

  /** Header and roster. */
  static byte[] encode(SnapshotMeta meta) {
    List<Roster.Named> members = meta.roster().members();
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + MEMBER_BYTES * members.size());
    out.position(FIXED_BYTES);
    for (Roster.Named member : members) {
      out.put((byte) member.node().value());
      out.putLong(member.incarnation().high()).putLong(member.incarnation().low());
      out.put((byte) (member.byAdmission() ? 1 : 0));
    }
    int rosterBytes = out.position() - FIXED_BYTES;
    out.clear();
    out.putInt(MAGIC).putShort((short) FORMAT).putShort((short) 0);
    out.putLong(meta.lastIncluded().index()).putLong(meta.lastIncluded().term());
    out.putLong(meta.roster().clusterId().high()).putLong(meta.roster().clusterId().low());
    out.putInt(rosterBytes).putInt(checksum(out.array(), FIXED_BYTES, rosterBytes));
    out.putLong(0).putInt(0).putInt(checksum(out.array(), 0, CHECKSUM_OFFSET));
    return out.array();
  }

  /** How many bytes of roster follow an intact fixed part. */
  static int rosterBytes(byte[] fixed) throws DamagedSnapshot {
    ByteBuffer in = ByteBuffer.wrap(fixed);
    if (in.getInt(0) != MAGIC
        || in.getInt(CHECKSUM_OFFSET) != checksum(fixed, 0, CHECKSUM_OFFSET)) {
      throw new DamagedSnapshot(0, "there is no intact header of a snapshot");
    }
    int format = Short.toUnsignedInt(in.getShort(4));
    if (format > FORMAT) {
      throw DamagedSnapshot.newer(
          "it is of format " + format + ", this version knows up to " + FORMAT);
    }
    int bytes = in.getInt(40);
    boolean possible = bytes >= 0 && bytes <= MAX_ROSTER_BYTES && bytes % MEMBER_BYTES == 0;
    if (format != FORMAT || !possible || in.getLong(8) < 1 || in.getLong(16) < 1) {
      throw new DamagedSnapshot(0, "the header says what cannot be");
    }
    return bytes;
  }

  /** Reads a fixed part that {@link #rosterBytes} has accepted, with the roster behind it. */
  static SnapshotHeader decode(byte[] fixed, byte[] roster) throws DamagedSnapshot {
    ByteBuffer in = ByteBuffer.wrap(fixed);
    int checksum = in.getInt(44);
    if (checksum != checksum(roster, 0, roster.length)) {
      throw new DamagedSnapshot(FIXED_BYTES, "the checksum of the roster differs");
    }
    List<Roster.Named> members = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(roster);
    while (rest.hasRemaining()) {
      int node = Byte.toUnsignedInt(rest.get());
      if (node == 0) {
        throw new DamagedSnapshot(FIXED_BYTES, "the roster names a node 0");
      }
      Incarnation incarnation = new Incarnation(rest.getLong(), rest.getLong());
      members.add(new Roster.Named(new NodeId(node), incarnation, rest.get() != 0));
    }
    LogPosition last = new LogPosition(in.getLong(8), in.getLong(16));
    ClusterId cluster = new ClusterId(in.getLong(24), in.getLong(32));
    SnapshotMeta meta = new SnapshotMeta(last, new Roster(cluster, members));
    return new SnapshotHeader(meta, roster.length, checksum);
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
