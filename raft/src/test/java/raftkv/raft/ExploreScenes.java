package raftkv.raft;

import java.util.List;

/** Where explorations begin: clusters of three, in which the named disks take their time. */
final class ExploreScenes {
  private static final long TIMEOUT_NANOS = 150_000_000;
  private static final long HEARTBEAT_NANOS = 50_000_000;

  private ExploreScenes() {}

  /** Says nothing. */
  private static final class Silence implements TestCluster.Trace {
    @Override
    public void ready(TestNode node, Ready ready) {
      // Nobody listens.
    }

    @Override
    public void lost(Envelope envelope) {
      throw new IllegalStateException("no link is cut here");
    }
  }

  private static TestCluster blankCluster() {
    TestCluster cluster =
        new TestCluster(
            3,
            1,
            new Silence(),
            config -> config.withTimes(TIMEOUT_NANOS, TIMEOUT_NANOS, HEARTBEAT_NANOS));
    cluster.nodes().forEach(cluster::start);
    return cluster;
  }

  /** Formed, led by node 1 in term 1, and calm. */
  private static TestCluster ledCluster() {
    TestCluster cluster = blankCluster();
    TestNode leader = cluster.node(1);
    while (!leader.core().isLeader()) {
      cluster.advance(leader, leader.core().nextDeadlineNanos());
      calm(cluster);
    }
    cluster.advance(leader, leader.core().nextDeadlineNanos());
    calm(cluster);
    return cluster;
  }

  private static void calm(TestCluster cluster) {
    while (cluster.network.size() > 0) {
      cluster.deliver(cluster.network.take(0));
    }
  }

  private static ExploreState withDisks(TestCluster cluster, List<Integer> slow) {
    slow.forEach(id -> cluster.node(id).slowDisk(true));
    return ExploreState.first(cluster, ExploreBounds.none());
  }

  /** Blank nodes. */
  static ExploreState blank(List<Integer> slow) {
    return withDisks(blankCluster(), slow);
  }

  /** A formed cluster, led by node 1 in term 1; all is calm. */
  static ExploreState led(List<Integer> slow) {
    return withDisks(ledCluster(), slow);
  }

  /** A formed cluster without a leader, in which node 1 campaigns: all are alike but for names. */
  static ExploreState campaigned(List<Integer> slow) {
    TestCluster cluster = ledCluster();
    cluster.nodes().forEach(cluster::crash);
    cluster.nodes().forEach(cluster::start);
    return withDisks(cluster, slow)
        .within(ExploreBounds.none().with(ExploreBounds.Kind.CAMPAIGN, 1))
        .after(
            ExploreStep.of(ExploreStep.What.CAMPAIGN, new NodeId(1), ExploreBounds.Kind.CAMPAIGN));
  }
}
