package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;

/** What the log takes in files, where each entry of a quiet cluster takes 8 KiB (decisions §3). */
class LogOnDiskTest {
  private static final long MIB = 1L << 20;
  private static final long FILE = 16 * MIB;
  private static final int ENTRIES_A_FILE = 8;

  /** Of entries as many as ever; of files 20, by turns. */
  private static final SnapshotPolicy TWENTY_FILES =
      new SnapshotPolicy(
          64 * MIB,
          256 * MIB,
          512 * MIB,
          20 * FILE,
          Long.MAX_VALUE,
          ENTRIES_A_FILE,
          500_000_000,
          200_000_000);

  private static MemoryCluster quiet(long seed) {
    MemoryCluster cluster = new MemoryCluster(3, seed);
    cluster.tuning = config -> config.withSnapshots(TWENTY_FILES);
    for (int id = 1; id <= 3; id++) {
      cluster.node(id).log.fileBytes = FILE;
      cluster.node(id).log.fileEntries = ENTRIES_A_FILE;
    }
    cluster.startAll();
    cluster.awaitLeader();
    return cluster;
  }

  @Test
  void filesMakeASnapshotDueInTurnAndBoundWhatIsKept() {
    MemoryCluster cluster = quiet(301);
    ClusterNode leader = cluster.leaderNow();
    for (int i = 0; i < 200 && leader.log.files().bytes() <= 20 * FILE; i++) {
      SnapshotFixture.fill(cluster, 1);
    }
    cluster.pass(100);
    assertThat(cluster.running()).anyMatch(node -> node.snapshots.taken > 0);
    assertThat(leader.snapshots.taken).isZero();
    assertThat(leader.log.files().bytes()).isBetween(20 * FILE, 22 * FILE);

    long most = 0;
    for (int i = 0; i < 400; i++) {
      SnapshotFixture.fill(cluster, 1);
      for (ClusterNode node : cluster.running()) {
        most = Math.max(most, node.log.files().bytes());
      }
    }

    // 25 for the leader, 8 of what is kept for members that lag, two that are begun
    assertThat(most).isBetween(33 * FILE, 36 * FILE);
    for (ClusterNode node : cluster.running()) {
      assertThat(node.snapshots.taken).isBetween(2, 4);
      assertThat(node.status().raft().firstIndex()).isEqualTo(node.log.base().index() + 1);
      long kept = node.snapshots.newestIndex() - node.log.base().index();
      assertThat(kept).isBetween(7L * ENTRIES_A_FILE, 9L * ENTRIES_A_FILE);
    }
  }

  @Test
  void aStartDoesNotForgetHowMuchLogThereIs() {
    MemoryCluster cluster = quiet(302);
    SnapshotFixture.fill(cluster, 100);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    node.kill();
    node.start();
    SnapshotFixture.fill(cluster, 90);

    assertThat(node.snapshots.taken).isEqualTo(1);
  }

  /** No more log comes that would make a snapshot due: so it is taken for want of room. */
  @Test
  void aFullDiskEndsByItselfIfASnapshotMakesRoom() {
    MemoryCluster cluster = quiet(303);
    cluster.running().forEach(node -> node.log.diskBytes = 12 * FILE);

    for (int round = 0; round < 3; round++) {
      fillTheDisk(cluster);
      assertThat(leaderOf(cluster).status().condition()).isEqualTo(NodeStatus.DISK_FULL);
      cluster.pass(12_000);
      assertThat(cluster.await(leaderOf(cluster).write("x=1"))).isInstanceOf(Applied.class);
      for (ClusterNode node : cluster.running()) {
        assertThat(node.snapshots.taken).isEqualTo(round + 1);
        assertThat(node.log.files().bytes()).isLessThanOrEqualTo(2 * FILE);
        assertThat(node.snapshots.hurried).as("nobody writes meanwhile").isPositive();
      }
    }
  }

  @Test
  void aSnapshotThatHasNoRoomIsTriedUntilItHas() {
    MemoryCluster cluster = quiet(304);
    cluster.running().forEach(node -> node.log.diskBytes = 12 * FILE);
    cluster.running().forEach(node -> node.snapshots.full = true);
    fillTheDisk(cluster);
    cluster.pass(30_000);
    assertThat(cluster.await(leaderOf(cluster).write("x=1")))
        .isEqualTo(new WriteOutcome.DiskFull());

    cluster.running().forEach(node -> node.snapshots.full = false);
    cluster.pass(12_000);

    assertThat(cluster.await(leaderOf(cluster).write("x=1"))).isInstanceOf(Applied.class);
  }

  /** Without room for a snapshot, too, the log goes that is behind the last one. */
  @Test
  void aFullDiskKeepsNothingForMembersThatLag() {
    MemoryCluster cluster = quiet(305);
    ClusterNode node = withLogBehindItsSnapshot(cluster);
    long before = node.log.files().bytes();

    node.log.diskBytes = 6 * FILE;
    cluster.pass(100);

    assertThat(before).isGreaterThan(10 * FILE);
    assertThat(node.log.files().bytes()).isLessThanOrEqualTo(5 * FILE);
    cluster.pass(12_000);
    assertThat(node.status().condition()).isEmpty();
  }

  /** One that was found damaged covers nothing, and the one before it not enough. */
  @Test
  void aFullDiskKeepsTheLogThatOnlyADamagedSnapshotCovers() {
    MemoryCluster cluster = quiet(306);
    ClusterNode node = withLogBehindItsSnapshot(cluster);
    node.snapshots.wipe();
    long before = node.log.files().bytes();

    node.log.diskBytes = 6 * FILE;
    cluster.pass(100);

    assertThat(before).isGreaterThan(10 * FILE);
    assertThat(node.log.files().bytes()).isGreaterThanOrEqualTo(before);
  }

  /** A follower that starts from its snapshot, and has no room for another. */
  private static ClusterNode withLogBehindItsSnapshot(MemoryCluster cluster) {
    SnapshotFixture.fill(cluster, 100);
    ClusterNode node = cluster.otherThan(cluster.leaderNow());
    cluster.await(node.snapshot(2_000));
    SnapshotFixture.fill(cluster, 20);
    node.kill();
    node.start();
    SnapshotFixture.awaitEqual(cluster);
    node.snapshots.full = true;
    return node;
  }

  private static void fillTheDisk(MemoryCluster cluster) {
    WriteOutcome outcome = new WriteOutcome.NoLeader();
    for (int i = 0; i < 400 && !(outcome instanceof WriteOutcome.DiskFull); i++) {
      outcome = cluster.await(leaderOf(cluster).write("k" + i % 10 + "=" + i));
    }
    assertThat(outcome).isEqualTo(new WriteOutcome.DiskFull());
  }

  /** It may change hands now and then: each tries to find one with more room. */
  private static ClusterNode leaderOf(MemoryCluster cluster) {
    cluster.await("a leader", () -> cluster.leader() != null);
    return cluster.leaderNow();
  }
}
