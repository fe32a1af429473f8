package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;

/** Disks that hang, fill their queue, or fail (hazards 15, 16, 35, 105; decisions §2). */
class DiskWatchTest {
  @Test
  void leaderWithHungDiskHandsOverThoughItsHeartbeatsGoOn() {
    MemoryCluster cluster = MemoryCluster.formed(3, 71);
    ClusterNode old = cluster.leaderNow();
    old.log.hangs = true;
    Answer<WriteOutcome> write = old.write("x=1");
    long began = cluster.time.nowNanos();

    ClusterNode leader = cluster.awaitLeaderOtherThan(old);

    assertThat((cluster.time.nowNanos() - began) / VirtualTime.MILLI).isBetween(1_000L, 1_500L);
    assertThat(cluster.await(write)).isInstanceOf(Applied.class);
    assertThat(cluster.await(leader.write("y=1"))).isInstanceOf(Applied.class);
    assertThat(old.status().condition()).isEqualTo("disk hangs");
    assertThat(cluster.await(leader.transfer(old.id))).isEqualTo(new TransferOutcome.NoTarget());
  }

  @Test
  void leadershipMayComeBackOnceAForceSucceeds() {
    MemoryCluster cluster = MemoryCluster.formed(3, 72);
    ClusterNode old = cluster.leaderNow();
    old.log.hangs = true;
    old.write("x=1");
    ClusterNode leader = cluster.awaitLeaderOtherThan(old);

    old.log.unhang();
    cluster.pass(200);

    assertThat(old.status().condition()).isEmpty();
    assertThat(cluster.await(leader.transfer(old.id))).isEqualTo(new TransferOutcome.Done(old.id));
  }

  @Test
  void leaderStaysIfNoPeersDiskIsBetter() {
    MemoryCluster cluster = MemoryCluster.formed(3, 73);
    ClusterNode leader = cluster.leaderNow();
    cluster.running().forEach(node -> node.log.hangs = true);
    Answer<WriteOutcome> write = leader.write("x=1");
    for (int i = 0; i < 200; i++) {
      cluster.pass(10);
      assertThat(leader.status().raft().handingOver()).isFalse();
    }

    assertThat(cluster.leaderNow()).isSameAs(leader);
    assertThat(leader.status().condition()).isEqualTo("disk hangs");

    cluster.running().forEach(node -> node.log.unhang());
    assertThat(cluster.await(write)).isInstanceOf(Applied.class);
    assertThat(leader.status().condition()).isEmpty();
  }

  /** A majority is the leader and the faster of the two. */
  @Test
  void slowDiskOfOneFollowerCostsNoWriteAnything() {
    MemoryCluster cluster = MemoryCluster.formed(3, 75);
    long before = nanosOf(50, cluster);
    ClusterNode leader = cluster.leaderNow();

    cluster.otherThan(leader).log.forceNanos = 700 * VirtualTime.MILLI;
    long with = nanosOf(50, cluster);

    assertThat(cluster.leaderNow()).isSameAs(leader);
    assertThat(with).isLessThanOrEqualTo(before + before / 10);
  }

  /** How long so many writes take, one after the other. */
  private static long nanosOf(int writes, MemoryCluster cluster) {
    long began = cluster.time.nowNanos();
    for (int i = 0; i < writes; i++) {
      assertThat(cluster.await(cluster.leaderNow().write("k=" + i))).isInstanceOf(Applied.class);
    }
    return cluster.time.nowNanos() - began;
  }

  @Test
  void bytesOnTheirWayToTheDiskAreBounded() {
    MemoryCluster cluster = new MemoryCluster(1, 74);
    cluster.tuning =
        of ->
            new NodeConfig(
                of.raft(),
                256,
                8 << 20,
                8_192,
                32 << 20,
                16_384,
                1_024,
                1 << 20,
                1_000L,
                16L << 20,
                of.rerouteNanos(),
                of.diskHangNanos(),
                of.digestNanos(),
                of.snapshots());
    cluster.startAll();
    ClusterNode node = cluster.awaitLeader();
    node.log.hangs = true;
    Answer<WriteOutcome> first = node.write("x=" + "1".repeat(2_000));
    cluster.pass(1);

    WriteOutcome second = cluster.await(node.write("y=1"));

    assertThat(second).isInstanceOf(WriteOutcome.Overloaded.class);
    assertThat(second.fate()).isEqualTo(WriteOutcome.Fate.NOT_APPLIED);
    node.log.unhang();
    assertThat(cluster.await(first)).isInstanceOf(Applied.class);
    assertThat(cluster.await(node.write("y=1"))).isInstanceOf(Applied.class);
  }

  @Test
  void failedForceEndsTheNodeOnce() {
    MemoryCluster cluster = MemoryCluster.formed(3, 75);
    ClusterNode node = cluster.leaderNow();

    node.log.fail(new StorageFailure(ExitCode.WRITE_FAILED, "node1/000001.wal: force failed"));
    cluster.pass(1_000);

    assertThat(node.failures)
        .extracting(NodeFailure::exitCode, NodeFailure::sentence)
        .containsExactly(tuple(ExitCode.WRITE_FAILED, "node1/000001.wal: force failed"));
    cluster.awaitLeaderOtherThan(node);
  }

  /** Hazard 105: an exception in the loop does not leave a leader that goes on half-dead. */
  @Test
  void entryThatCannotBeAppliedEndsTheNodeAndNamesIt() {
    MemoryCluster cluster = MemoryCluster.formed(1, 76);
    ClusterNode node = cluster.node(1);
    long index = node.status().raft().lastIndex() + 1;
    node.write("poison=1");
    cluster.pass(1_000);

    assertThat(node.failures).hasSize(1);
    assertThat(node.failures.get(0).exitCode()).isEqualTo(ExitCode.INVARIANT);
    assertThat(node.failures.get(0).sentence()).contains(index + "@1", "COMMAND");
    assertThat(List.copyOf(node.machine.commands)).isEmpty();
  }
}
