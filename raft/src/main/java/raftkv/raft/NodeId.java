package raftkv.raft;

/**
 * The number of a node in its cluster, from 1 to {@value #MAX}. Fixed for the life of the cluster.
 */
public record NodeId(int value) implements Comparable<NodeId> {
  /** The largest number that a node may have. */
  public static final int MAX = 255;

  /** Checks the range. */
  public NodeId {
    Check.that(value >= 1 && value <= MAX, "node id out of range");
  }

  @Override
  public int compareTo(NodeId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
