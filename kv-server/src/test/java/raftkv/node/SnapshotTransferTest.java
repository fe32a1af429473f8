package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.ReadRequest.Stale;

/** Snapshots from node to node: for those that lag, and for those that are fenced. */
class SnapshotTransferTest {
  @Test
  void whoLagsBehindTheLogIsSentASnapshot() {
    MemoryCluster cluster = SnapshotFixture.formed(204);
    ClusterNode laggard = cluster.otherThan(cluster.leaderNow());
    laggard.kill();
    SnapshotFixture.fill(cluster, 150);
    assertThat(laggard.log.durable().entries().size()).isLessThan(20);

    laggard.start();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(laggard.snapshots.arrived).isEqualTo(1);
    assertThat(laggard.machine.get("k9")).isEqualTo("149");
    assertThat(laggard.log.base().index()).isGreaterThan(40);
    SnapshotFixture.fill(cluster, 20);
    SnapshotFixture.awaitEqual(cluster);
    assertThat(laggard.snapshots.arrived).isEqualTo(1);
  }

  @Test
  void whatTheLogStillHasIsNotSentAsASnapshot() {
    MemoryCluster cluster = SnapshotFixture.formed(205);
    ClusterNode laggard = cluster.otherThan(cluster.leaderNow());
    SnapshotFixture.fill(cluster, 60);
    laggard.kill();
    SnapshotFixture.fill(cluster, 4);

    laggard.start();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(laggard.snapshots.arrived).isZero();
  }

  @Test
  void aTransferThatBreaksIsBegunAgain() {
    MemoryCluster cluster = SnapshotFixture.formed(206);
    ClusterNode laggard = cluster.otherThan(cluster.leaderNow());
    laggard.kill();
    SnapshotFixture.fill(cluster, 150);
    laggard.snapshots.stepNanos = 50 * VirtualTime.MILLI;

    laggard.start();
    cluster.await("the transfer", () -> laggard.status().snapshots().arrivingBytes() > 0);
    cluster.cutOff(laggard);
    cluster.pass(400);
    assertThat(laggard.snapshots.arrived).isZero();
    cluster.network.heal();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(laggard.snapshots.arrived).isEqualTo(1);
  }

  @Test
  void aLeaderThatDiesWhileItSendsIsReplaced() {
    MemoryCluster cluster = SnapshotFixture.formed(207);
    ClusterNode old = cluster.leaderNow();
    ClusterNode laggard = receiving(cluster, old, 20);

    old.kill();
    old.start();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(laggard.snapshots.arrived).isEqualTo(1);
    assertThat(laggard.machine.get("k9")).isEqualTo("149");
  }

  @Test
  void aTransferEndsWithTheTermOfItsLeader() {
    MemoryCluster cluster = SnapshotFixture.formed(220);
    ClusterNode old = cluster.leaderNow();
    ClusterNode laggard = receiving(cluster, old, 50);
    ClusterNode next = cluster.otherThan(old, laggard);

    cluster.await(old.transfer(next.id));
    cluster.pass(20);

    assertThat(cluster.network.abandoned).isEqualTo(1);
    SnapshotFixture.awaitEqual(cluster);
  }

  /** A process that stands still keeps its connections: nobody tells the receiver. */
  @Test
  void aSenderThatStandsStillIsReplaced() {
    MemoryCluster cluster = SnapshotFixture.formed(221);
    ClusterNode old = cluster.leaderNow();
    ClusterNode laggard = receiving(cluster, old, 20);

    cluster.network.stalled = old.id;
    cluster.cutOff(old);
    cluster.await("the term ends", () -> laggard.status().snapshots().arrivingBytes() == 0);

    cluster.await("the other's", () -> laggard.snapshots.arrived == 1);
    assertThat(laggard.machine.get("k9")).isEqualTo("149");
  }

  /** Nor does the receiver need the next leader's snapshot to let go of the old one's. */
  @Test
  void anArrivalEndsWithItsTermThoughNothingElseComes() {
    MemoryCluster cluster = SnapshotFixture.formed(223);
    ClusterNode old = cluster.leaderNow();
    ClusterNode laggard = receiving(cluster, old, 20);

    cluster.network.stalled = old.id;
    cluster.network.tellsReceivers = false;
    cluster.network.losesOffers = true;
    cluster.cutOff(old);
    long term = laggard.status().raft().term();
    cluster.await("the next term", () -> laggard.status().raft().term() > term);
    cluster.pass(100);

    assertThat(laggard.status().snapshots().arrivingBytes()).isZero();
    assertThat(laggard.snapshots.arrived).isZero();
  }

  @Test
  void aSenderThatBeginsAgainIsTakenAgain() {
    MemoryCluster cluster = SnapshotFixture.formed(222);
    ClusterNode leader = cluster.leaderNow();
    cluster.network.tellsReceivers = false;
    ClusterNode laggard = receiving(cluster, leader, 20);

    cluster.cutOff(laggard);
    cluster.pass(50);
    cluster.network.heal();

    cluster.await("the second", () -> laggard.snapshots.arrived == 1);
    assertThat(cluster.leaderNow()).isSameAs(leader);
  }

  /** Who only lags behind need not wait for whoever agreed: the file was agreed on before. */
  @Test
  void aLeaderAloneWithALaggardSendsWhatItStored() {
    MemoryCluster cluster = SnapshotFixture.formed(219);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode laggard = cluster.otherThan(leader);
    laggard.kill();
    SnapshotFixture.fill(cluster, 150);
    cluster.otherThan(leader).kill();
    leader.kill();

    leader.start();
    laggard.start();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(laggard.snapshots.arrived).isEqualTo(1);
    SnapshotFixture.fill(cluster, 3);
  }

  /** Safety rule 7.1. */
  @Test
  void aFencedReplicaIsHealedByASnapshot() {
    MemoryCluster cluster = SnapshotFixture.formed(216, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 20);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.machine.corrupt("k1", "wrong");
    cluster.await("the fence", () -> node.status().fence() != null);

    cluster.await("the fence is lifted", () -> node.status().condition().isEmpty());

    assertThat(node.status().fence()).isNull();
    assertThat(node.fence.raised()).isNull();
    assertThat(node.machine.get("k1")).isEqualTo("11");
    SnapshotFixture.awaitEqual(cluster);
    ReadOf read = node.read("k1", new Stale(0, 0), 500);
    cluster.await(read);
    assertThat(read.value()).isEqualTo("11");
    SnapshotFixture.fill(cluster, 5);
    SnapshotFixture.awaitEqual(cluster);
  }

  @Test
  void aFencedLeaderIsHealedOnceAnotherLeads() {
    MemoryCluster cluster = SnapshotFixture.formed(217, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 20);
    ClusterNode old = cluster.leaderNow();
    old.machine.corrupt("k1", "wrong");

    cluster.awaitLeaderOtherThan(old);
    cluster.await("the fence is lifted", () -> old.status().condition().isEmpty());

    SnapshotFixture.awaitEqual(cluster);
    assertThat(old.machine.get("k1")).isEqualTo("11");
  }

  /** Lifted only durably: a crash in between leaves it fenced, and it is healed again. */
  @Test
  void aFenceThatIsNotOffTheDiskIsStillAFence() {
    MemoryCluster cluster = SnapshotFixture.formed(218, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 20);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.machine.corrupt("k1", "wrong");
    cluster.await("the fence", () -> node.status().fence() != null);
    node.fence.slow = true;
    cluster.await("the fence is being lowered", node.fence::isWaiting);
    assertThat(cluster.await(node.read("k1", new Stale(0, 0), 300)))
        .isInstanceOf(ReadAnswer.Diverged.class);
    node.kill();
    node.fence.forget();
    node.start();
    cluster.pass(300);
    assertThat(node.status().condition()).isEqualTo("fenced");

    node.fence.slow = false;
    cluster.await("the fence is lifted", () -> node.status().condition().isEmpty());

    SnapshotFixture.awaitEqual(cluster);
    assertThat(node.failures).isEmpty();
  }

  /** A follower to which a snapshot is on its way, at so many milliseconds a piece. */
  private static ClusterNode receiving(MemoryCluster cluster, ClusterNode leader, long stepMillis) {
    ClusterNode laggard = cluster.otherThan(leader);
    laggard.kill();
    SnapshotFixture.fill(cluster, 150);
    laggard.snapshots.stepNanos = stepMillis * VirtualTime.MILLI;
    laggard.start();
    cluster.await("the transfer", () -> laggard.status().snapshots().arrivingBytes() > 0);
    return laggard;
  }
}
