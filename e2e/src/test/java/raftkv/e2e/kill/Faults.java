package raftkv.e2e.kill;

import java.util.ArrayList;
import java.util.List;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;

/**
 * What happens to the nodes: leaders killed so and so often, and after each kill something else.
 * Each fault begins in a healthy cluster, and ends when clients make progress again.
 */
final class Faults {
  private static final int WRITES_BETWEEN = 100;

  private final Cluster cluster;
  private final Load load;
  private final List<Long> killNanos = new ArrayList<>();
  private int others;

  Faults(Cluster cluster, Load load) {
    this.cluster = cluster;
    this.load = load;
  }

  /** Kills that many leaders, with other faults in between. */
  void killLeaders(int kills) {
    int attempts = 0;
    while (killNanos.size() < kills) {
      if (++attempts > 2 * kills + 5) {
        throw new AssertionError("of " + attempts + " kills only " + killNanos.size() + " hit");
      }
      killLeader(attempts % 2 == 0 ? Restart.AT_ONCE : Restart.AFTER_THE_ELECTION);
      otherFault(attempts);
    }
  }

  /** When leaders were killed. */
  List<Long> killNanos() {
    return List.copyOf(killNanos);
  }

  /** Number of faults that were no kills of a leader. */
  int others() {
    return others;
  }

  private enum Restart {
    AT_ONCE,
    AFTER_THE_ELECTION
  }

  private void killLeader(Restart restart) {
    NodeProcess victim = cluster.awaitHealthy();
    load.awaitProgress(WRITES_BETWEEN);
    if (cluster.leader() != victim) {
      return;
    }
    long now = System.nanoTime();
    victim.kill();
    // It may have lost the lead in the moment between question and kill: its own log decides.
    if (victim.saysLastThatItLeads()) {
      killNanos.add(now);
    }
    if (restart == Restart.AFTER_THE_ELECTION) {
      cluster.awaitLeaderOtherThan(victim);
      load.awaitProgress(WRITES_BETWEEN);
    }
    victim.start();
    load.awaitProgress(WRITES_BETWEEN);
  }

  private void otherFault(int number) {
    NodeProcess leader = cluster.awaitHealthy();
    others++;
    switch (number % 5) {
      case 1 -> pause(leader);
      case 2 -> pause(cluster.without(leader).get(0));
      case 3 -> restartAll();
      case 4 -> terminate(leader);
      default -> others--;
    }
  }

  /**
   * A paused leader is replaced; continued, it has to find out. A paused follower is not missed.
   */
  private void pause(NodeProcess node) {
    boolean led = cluster.leader() == node;
    node.pause();
    try {
      if (led) {
        cluster.awaitLeaderOtherThan(node);
      }
      load.awaitProgress(WRITES_BETWEEN);
    } finally {
      node.resume();
    }
    load.awaitProgress(WRITES_BETWEEN);
  }

  private void restartAll() {
    cluster.nodes().forEach(NodeProcess::kill);
    cluster.startAll();
    load.awaitProgress(WRITES_BETWEEN);
  }

  private void terminate(NodeProcess node) {
    node.terminate();
    int code = node.exitCode();
    if (code != 0) {
      throw new AssertionError(node + " ended with " + code + " after SIGTERM");
    }
    load.awaitProgress(WRITES_BETWEEN);
    node.start();
  }
}
