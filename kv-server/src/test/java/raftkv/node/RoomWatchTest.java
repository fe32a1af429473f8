package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.LogRoom;

/** Full disks (hazards 77, 78; decisions §3). */
class RoomWatchTest {
  @Test
  void leaderWithAFullDiskHandsOverToANodeWithRoom() {
    MemoryCluster cluster = MemoryCluster.formed(3, 81);
    ClusterNode old = cluster.leaderNow();
    old.log.room = LogRoom.RESERVE;

    Answer<WriteOutcome> write = old.write("x=1");
    ClusterNode leader = cluster.awaitLeaderOtherThan(old);

    assertThat(cluster.await(write)).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(cluster.await(leader.write("y=1"))).isInstanceOf(WriteOutcome.Applied.class);
    cluster.pass(1_000);
    assertThat(cluster.leaderNow()).isSameAs(leader);
    assertThat(old.status().condition()).isEqualTo(NodeStatus.DISK_FULL);
    assertThat(old.status().isServing()).isTrue();
    assertThat(cluster.await(leader.transfer(old.id))).isEqualTo(new TransferOutcome.NoTarget());
  }

  @Test
  void refusesWritesBeforeTheyAreProposedWhenNoMajorityHasRoom() {
    MemoryCluster cluster = MemoryCluster.formed(3, 82);
    ClusterNode leader = cluster.leaderNow();
    cluster.await(leader.write("x=1"));
    cluster.running().forEach(node -> node.log.room = LogRoom.RESERVE);
    cluster.pass(500);
    long last = cluster.leaderNow().status().raft().lastIndex();

    for (ClusterNode node : cluster.running()) {
      WriteOutcome outcome = cluster.await(node.write("y=1"));
      assertThat(outcome).isEqualTo(new WriteOutcome.DiskFull());
      assertThat(outcome.fate()).isEqualTo(WriteOutcome.Fate.NOT_APPLIED);
      ReadOf read = node.read("x");
      cluster.pass(200);
      assertThat(read.value()).isEqualTo("1");
    }

    assertThat(cluster.leaderNow().status().raft().lastIndex()).isEqualTo(last);
  }

  @Test
  void deletesGoOnUntilTheLastOfTheReserve() {
    MemoryCluster cluster = new MemoryCluster(3, 83);
    cluster.startAll();
    ClusterNode leader = cluster.awaitLeader();
    cluster.running().forEach(node -> node.log.room = LogRoom.RESERVE);
    cluster.pass(500);

    assertThat(cluster.await(leader.write("x="))).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(cluster.await(leader.write("y=1"))).isEqualTo(new WriteOutcome.DiskFull());
    cluster.running().forEach(node -> node.log.room = LogRoom.NONE);
    assertThat(cluster.await(leader.write("x="))).isEqualTo(new WriteOutcome.DiskFull());
  }

  @Test
  void roomBackMeansServiceBackWithoutARestart() {
    MemoryCluster cluster = MemoryCluster.formed(3, 84);
    cluster.running().forEach(node -> node.log.room = LogRoom.NONE);
    cluster.pass(500);
    ClusterNode leader = cluster.leaderNow();
    assertThat(cluster.await(leader.write("x=1"))).isEqualTo(new WriteOutcome.DiskFull());

    cluster.running().forEach(node -> node.log.room = LogRoom.FREE);
    cluster.pass(9_000);
    assertThat(cluster.await(leader.write("x=1")))
        .as("10 s of hysteresis")
        .isEqualTo(new WriteOutcome.DiskFull());
    cluster.pass(2_000);

    assertThat(cluster.await(leader.write("x=1"))).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(leader.status().condition()).isEmpty();
  }

  /** A queue that would eat the reserve is as good as a full disk, before anything is proposed. */
  @Test
  void oneWriteTooManyIsRefusedAtOnce() {
    MemoryCluster cluster = MemoryCluster.formed(1, 85);
    ClusterNode node = cluster.node(1);
    node.log.room = LogRoom.RESERVE;

    assertThat(cluster.await(node.write("x=1"))).isEqualTo(new WriteOutcome.DiskFull());
    assertThat(List.copyOf(node.machine.commands)).isEmpty();
  }
}
