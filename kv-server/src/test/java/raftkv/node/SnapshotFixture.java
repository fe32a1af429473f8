package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

/** Clusters that take a snapshot every few entries. */
final class SnapshotFixture {
  static final SnapshotPolicy SMALL =
      new SnapshotPolicy(
          1_000,
          2_000,
          20_000,
          1 << 30,
          Long.MAX_VALUE,
          8,
          500 * VirtualTime.MILLI,
          200 * VirtualTime.MILLI);

  private SnapshotFixture() {}

  static MemoryCluster formed(long seed) {
    return formed(seed, SMALL);
  }

  static MemoryCluster formed(long seed, SnapshotPolicy policy) {
    MemoryCluster cluster = new MemoryCluster(3, seed);
    cluster.tuning = config -> config.withSnapshots(policy);
    cluster.retainedLogBytes = 300;
    cluster.startAll();
    cluster.awaitLeader();
    return cluster;
  }

  static void fill(MemoryCluster cluster, int writes) {
    ClusterNode leader = cluster.leaderNow();
    for (int i = 0; i < writes; i++) {
      assertThat(cluster.await(leader.write("k" + i % 10 + "=" + i)))
          .isInstanceOf(WriteOutcome.Applied.class);
    }
  }

  static void awaitEqual(MemoryCluster cluster) {
    cluster.await("equal states", () -> areEqual(cluster));
  }

  private static boolean areEqual(MemoryCluster cluster) {
    ClusterNode any = cluster.leader() == null ? cluster.running().get(0) : cluster.leaderNow();
    TextMachine first = any.machine;
    return cluster.running().stream()
        .allMatch(
            node ->
                node.machine.appliedIndex() == first.appliedIndex()
                    && node.machine.hash().equals(first.hash()));
  }
}
