package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The body of the cluster's first entry, made by its first leader (safety rule 5.2).
 *
 * <pre>
 *   offset  size  field
 *        0     1  format, 1
 *        1    16  cluster id
 *       17     1  number of members n
 *       18  17*n  per member: node id (1), incarnation (16)
 *      ...   ...  limits, to the end: bytes that only the state machine understands
 * </pre>
 *
 * @param members in ascending order, each with the incarnation that came with its grant
 * @param limits the state machine's own limits, which apply depends on; opaque here
 */
public record Settings(ClusterId clusterId, List<Member> members, Bytes limits) {
  private static final byte FORMAT = 1;

  /** One member of the new cluster. */
  public record Member(NodeId node, Incarnation incarnation) {}

  /** Copies the list. */
  public Settings {
    members = List.copyOf(members);
  }

  /** The settings of a new cluster: the members are those that granted, as they granted. */
  static Settings of(ClusterId clusterId, SortedMap<NodeId, Standing> grants, Bytes limits) {
    List<Member> members = new ArrayList<>();
    for (Map.Entry<NodeId, Standing> grant : grants.entrySet()) {
      members.add(new Member(grant.getKey(), grant.getValue().incarnation()));
    }
    return new Settings(clusterId, members, limits);
  }

  /** The body's bytes. */
  public Bytes encode() {
    BytesWriter writer =
        new BytesWriter(18 + 17 * members.size() + limits.length())
            .oneByte(FORMAT)
            .eightBytes(clusterId.high())
            .eightBytes(clusterId.low())
            .oneByte(members.size());
    for (Member member : members) {
      writer
          .oneByte(member.node().value())
          .eightBytes(member.incarnation().high())
          .eightBytes(member.incarnation().low());
    }
    return writer.raw(limits).bytes();
  }

  /**
   * Reads a body.
   *
   * @throws MalformedBody if it is of another format or too short
   */
  public static Settings decode(Bytes body) {
    BytesReader reader = new BytesReader(body, FORMAT);
    ClusterId clusterId = new ClusterId(reader.eightBytes(), reader.eightBytes());
    int count = reader.oneByte();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NodeId node = reader.nodeId();
      members.add(new Member(node, new Incarnation(reader.eightBytes(), reader.eightBytes())));
    }
    return new Settings(clusterId, members, reader.rest());
  }
}
