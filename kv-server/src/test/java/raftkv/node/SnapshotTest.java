package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.PeerMessage;

/** Snapshots of a cluster's nodes: taken, and what the log does meanwhile. */
class SnapshotTest {
  @Test
  void everyNodeTakesSnapshotsAndLetsTheLogGo() {
    MemoryCluster cluster = SnapshotFixture.formed(201);

    SnapshotFixture.fill(cluster, 150);
    cluster.pass(300);

    for (ClusterNode node : cluster.running()) {
      NodeStatus.SnapshotStatus status = node.status().snapshots();
      assertThat(node.snapshots.taken).isGreaterThanOrEqualTo(2);
      assertThat(status.lastIndex()).isGreaterThan(50).isEqualTo(node.snapshots.newestIndex());
      assertThat(status.lastIndex() % 8).isZero();
      assertThat(status.logBytes()).isLessThan(2_500);
      assertThat(node.log.base().index()).isGreaterThan(40).isLessThan(status.lastIndex());
      assertThat(node.status().raft().firstIndex()).isEqualTo(node.log.base().index() + 1);
    }
  }

  @Test
  void membersTakeTurnsAndTheLeaderIsLast() {
    SnapshotPolicy policy = new SnapshotPolicy(800, 4_000, 9_000, 1 << 30, Long.MAX_VALUE, 1, 1, 1);

    assertThat(policy.dueBytes(0, 0, 0)).isEqualTo(800);
    assertThat(policy.dueBytes(0, 2, 0)).isEqualTo(1_000);
    assertThat(policy.dueBytes(4_000, 0, 0)).isEqualTo(2_000);
    assertThat(policy.dueBytes(1 << 20, 1, 0)).isEqualTo(4_500);
    MemoryCluster cluster =
        SnapshotFixture.formed(
            202,
            new SnapshotPolicy(1_600, 1_600, 9_000, 1 << 30, Long.MAX_VALUE, 1, 500_000_000, 1));
    ClusterNode leader = cluster.leaderNow();
    while (cluster.running().stream().noneMatch(node -> node.snapshots.taken > 0)) {
      SnapshotFixture.fill(cluster, 1);
    }
    assertThat(leader.snapshots.taken).isZero();
  }

  @Test
  void restartedNodeGoesOnFromItsSnapshot() {
    MemoryCluster cluster = SnapshotFixture.formed(203);
    SnapshotFixture.fill(cluster, 100);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.kill();

    node.start();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(node.machine.commands.size()).isLessThan(70);
    assertThat(node.machine.get("k9")).isEqualTo("99");
    assertThat(cluster.await(node.read("k9"))).isInstanceOf(ReadAnswer.ReadNow.class);
  }

  /** Safety rule 7.2: what no majority confirms is neither written nor sent. */
  @Test
  void noStateIsWrittenThatNoMajorityConfirms() {
    MemoryCluster cluster = SnapshotFixture.formed(209);
    cluster.network.loses = (from, message) -> message instanceof PeerMessage.Digest;
    SnapshotFixture.fill(cluster, 100);
    cluster.pass(1_000);
    cluster.running().forEach(node -> assertThat(node.snapshots.taken).isZero());

    cluster.network.loses = (from, message) -> false;
    cluster.pass(2_500);

    cluster.running().forEach(node -> assertThat(node.snapshots.taken).isPositive());
  }

  @Test
  void aLeaderWhoseStateIsWrongWritesNothing() {
    MemoryCluster cluster = SnapshotFixture.formed(210);
    ClusterNode leader = cluster.leaderNow();
    SnapshotFixture.fill(cluster, 12);
    // Nobody hears that it is wrong, and so nobody fences it.
    cluster.network.loses = (from, message) -> message instanceof PeerMessage.Digest;
    leader.machine.corrupt("k1", "wrong");
    Answer<SnapshotOutcome> forced = leader.snapshot(1_500);

    assertThat(cluster.await(forced)).isInstanceOf(SnapshotOutcome.NotReady.class);
    assertThat(leader.snapshots.taken).isZero();
  }

  @Test
  void aSnapshotIsTakenWhenAskedFor() {
    MemoryCluster cluster = SnapshotFixture.formed(211, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 5);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());

    SnapshotOutcome first = cluster.await(node.snapshot(2_000));
    SnapshotOutcome again = cluster.await(node.snapshot(2_000));

    SnapshotOutcome.Taken taken = (SnapshotOutcome.Taken) first;
    assertThat(taken.file().meta().lastIncluded().index()).isEqualTo(node.machine.appliedIndex());
    assertThat(taken.file().hash()).isEqualTo(node.machine.hash());
    assertThat(again).isEqualTo(first);
    assertThat(node.snapshots.taken).isEqualTo(1);
  }

  @Test
  void aSnapshotIsOnlyOfWhatIsDurableHere() {
    MemoryCluster cluster = SnapshotFixture.formed(212, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 5);
    ClusterNode leader = cluster.leaderNow();
    leader.log.forceNanos = 100 * VirtualTime.MILLI;
    cluster.await(leader.write("fast=1"));
    long applied = leader.machine.appliedIndex();
    assertThat(leader.status().raft().durableIndex()).isLessThan(applied);

    SnapshotOutcome.Taken taken = (SnapshotOutcome.Taken) cluster.await(leader.snapshot(2_000));

    long index = taken.file().meta().lastIncluded().index();
    assertThat(index).isGreaterThanOrEqualTo(applied);
    assertThat((long) leader.log.durable().entries().size()).isGreaterThanOrEqualTo(index);
  }

  @Test
  void noRoomIsSaidAndTriedAgain() {
    MemoryCluster cluster = SnapshotFixture.formed(213);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.snapshots.full = true;
    SnapshotFixture.fill(cluster, 5);
    assertThat(cluster.await(node.snapshot(2_000))).isEqualTo(new SnapshotOutcome.NoRoom());
    SnapshotFixture.fill(cluster, 60);
    assertThat(node.snapshots.taken).isZero();

    node.snapshots.full = false;
    cluster.pass(2_000);

    assertThat(node.snapshots.taken).isPositive();
  }

  /** Decisions §3: above the limit no write is taken until a snapshot is there. */
  @Test
  void tooMuchLogIsOverloadUntilASnapshotLands() {
    MemoryCluster cluster =
        SnapshotFixture.formed(
            214,
            new SnapshotPolicy(
                1_000, 1_000, 2_000, 1 << 30, Long.MAX_VALUE, 8, 500_000_000, 100_000_000));
    cluster.running().forEach(node -> node.snapshots.full = true);
    ClusterNode leader = cluster.leaderNow();
    WriteOutcome outcome = new WriteOutcome.NoLeader();
    for (int i = 0; i < 100 && !(outcome instanceof WriteOutcome.Overloaded); i++) {
      outcome = cluster.await(leader.write("k=" + i));
    }
    assertThat(outcome).isEqualTo(new WriteOutcome.Overloaded("log behind the last snapshot"));
    assertThat(leader.status().snapshots().logBytes()).isBetween(2_000L, 2_200L);

    leader.snapshots.full = false;
    cluster.pass(1_000);

    assertThat(cluster.await(leader.write("k=after"))).isInstanceOf(Applied.class);
  }

  /** ADR 38: no snapshot helps a state that is too large, only deletes do. */
  @Test
  void aStateAsLargeAsTheHeapBearsTakesDeletesAlone() {
    MemoryCluster cluster =
        SnapshotFixture.formed(
            219,
            new SnapshotPolicy(1_000, 1_000, 2_000, 1 << 30, 64_000, 8, 500_000_000, 100_000_000));
    ClusterNode leader = cluster.leaderNow();
    WriteOutcome full =
        new WriteOutcome.Overloaded("keys and values for this heap: only deletes are taken");
    WriteOutcome outcome = new WriteOutcome.NoLeader();
    for (int i = 0; i < 100 && !outcome.equals(full); i++) {
      outcome = cluster.await(leader.write("k" + i + "=" + "x".repeat(600)));
      cluster.pass(100);
    }
    assertThat(outcome).isEqualTo(full);
    assertThat(leader.machine.heapBytes()).isBetween(40_000L, 40_700L);
    cluster.await("a snapshot", () -> leader.status().snapshots().logBytes() < 1_000);

    for (int i = 0; i < 3; i++) {
      assertThat(cluster.await(leader.write("k" + i + "="))).isInstanceOf(Applied.class);
    }

    assertThat(cluster.await(leader.write("k=after"))).isInstanceOf(Applied.class);
  }

  /** Else it would wait for more log, and writes for it: the leader's turn is the last of seven. */
  @Test
  void theLastInTurnHasItsSnapshotBeforeWritesWaitForIt() {
    MemoryCluster cluster = new MemoryCluster(7, 220);
    SnapshotPolicy policy =
        new SnapshotPolicy(
            1_000, 1_000, 2_000, 1 << 30, Long.MAX_VALUE, 1_000_000, 500_000_000, 100_000_000);
    cluster.tuning = config -> config.withSnapshots(policy);
    cluster.startAll();
    cluster.awaitLeader();
    ClusterNode leader = cluster.leaderNow();
    int applied = 0;
    for (int i = 0; i < 200; i++) {
      WriteOutcome outcome = cluster.await(leader.write("k=" + "x".repeat(95)));
      applied += outcome instanceof Applied ? 1 : 0;
      cluster.pass(10);
    }

    assertThat(applied).isGreaterThan(100);
  }

  @Test
  void aSnapshotIsHurriedBeforeItsLogIsTooMuch() {
    MemoryCluster cluster =
        SnapshotFixture.formed(
            216,
            new SnapshotPolicy(
                1_000, 1_000, 4_000, 1 << 30, Long.MAX_VALUE, 8, 500_000_000, 100_000_000));
    ClusterNode slow = cluster.otherThan(cluster.leaderNow());
    slow.snapshots.stepNanos = 3_600_000 * VirtualTime.MILLI;
    SnapshotFixture.fill(cluster, 50);
    assertThat(slow.status().snapshots().logBytes()).isBetween(1_500L, 3_000L);
    assertThat(slow.snapshots.hurried).isZero();

    SnapshotFixture.fill(cluster, 50);

    assertThat(slow.snapshots.hurried).isPositive();
    assertThat(cluster.leaderNow().snapshots.hurried).isZero();
  }

  @Test
  void aStateThatDiffersFromWhatItWritesIsFenced() {
    MemoryCluster cluster = SnapshotFixture.formed(215, SnapshotPolicy.DEFAULT);
    SnapshotFixture.fill(cluster, 5);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.snapshots.lies = true;

    assertThat(cluster.await(node.snapshot(2_000))).isInstanceOf(SnapshotOutcome.Diverged.class);
    assertThat(node.snapshots.taken).isZero();
  }

  /** Safety rule 3.1. */
  @Test
  void writesThatWereJumpedOverAreAnsweredFromTheSessionsOrUnknown() {
    MemoryCluster cluster = SnapshotFixture.formed(208);
    cluster.network.pieceBytes = 4_096;
    SnapshotFixture.fill(cluster, 10);
    ClusterNode old = cluster.leaderNow();
    cluster.cutOff(old);
    Answer<WriteOutcome> known = old.write("k1=31", true, Routing.ANY, 5_000);
    Answer<WriteOutcome> unknown = old.write("x=1", true, Routing.ANY, 5_000);
    ClusterNode leader = cluster.awaitLeaderOtherThan(old);
    for (int i = 0; i < 72; i++) {
      cluster.await(leader.write("k" + i % 10 + "=" + i % 40));
    }
    assertThat(known.isThere()).isFalse();
    cluster.network.heal();
    SnapshotFixture.awaitEqual(cluster);

    assertThat(old.snapshots.arrived).isEqualTo(1);
    assertThat(known.get()).isInstanceOf(Applied.class);
    assertThat(unknown.get()).isEqualTo(new WriteOutcome.Unknown(WriteOutcome.Cause.SNAPSHOT));
  }
}
