package raftkv.raft;

import java.util.Arrays;

/** Majorities (Raft §5.2, §5.3). */
final class Quorum {
  private Quorum() {}

  /** The smallest number of nodes that is more than half of them. */
  static int majorityOf(int nodes) {
    return nodes / 2 + 1;
  }

  /**
   * The highest value that a majority has reached: one value per member, sorted in place. A member
   * that does not count contributes the lowest value there is.
   */
  static long reachedByMajority(long[] values) {
    Check.that(values.length > 0, "a cluster has members");
    Arrays.sort(values);
    return values[values.length - majorityOf(values.length)];
  }
}
