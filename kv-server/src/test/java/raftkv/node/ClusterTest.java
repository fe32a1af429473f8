package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.StateHash;

/** A cluster in one thread: forms, replicates, survives, catches up. */
class ClusterTest {
  private static void assertEqualStates(MemoryCluster cluster) {
    cluster.await(
        "equal states",
        () -> {
          long index = cluster.leaderNow().machine.appliedIndex();
          return cluster.running().stream().allMatch(n -> n.machine.appliedIndex() == index);
        });
    StateHash hash = cluster.leaderNow().machine.hash();
    for (ClusterNode node : cluster.running()) {
      assertThat(node.machine.hash()).isEqualTo(hash);
    }
  }

  @Test
  void threeNodesElectAndReplicate() {
    MemoryCluster cluster = MemoryCluster.formed(3, 1);

    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      answers.add(cluster.leaderNow().write("key" + i + "=value" + i));
    }
    for (Answer<WriteOutcome> answer : answers) {
      assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
    }

    assertEqualStates(cluster);
    for (ClusterNode node : cluster.running()) {
      assertThat(node.read("key100").isThere()).isFalse();
      ReadOf read = node.read("key100");
      cluster.await(read);
      assertThat(read.value()).isEqualTo("value100");
    }
  }

  @Test
  void clusterOfOneServesAtOnce() {
    MemoryCluster cluster = MemoryCluster.formed(1, 2);

    assertThat(cluster.await(cluster.node(1).write("a=1"))).isInstanceOf(Applied.class);
    ReadOf read = cluster.node(1).read("a");
    cluster.await(read);

    assertThat(read.value()).isEqualTo("1");
  }

  @Test
  void writeThroughFollowerIsForwarded() {
    MemoryCluster cluster = MemoryCluster.formed(3, 3);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());

    WriteOutcome outcome = cluster.await(follower.write("a=1"));

    assertThat(outcome).isInstanceOf(Applied.class);
    assertThat(TextMachine.text(((Applied) outcome).answer())).startsWith("set a at ");
  }

  @Test
  void leaderOnlyWriteIsRefusedByFollowerWithHint() {
    MemoryCluster cluster = MemoryCluster.formed(3, 4);
    ClusterNode leader = cluster.leaderNow();

    WriteOutcome outcome =
        cluster.await(cluster.otherThan(leader).write("a=1", true, Routing.LEADER_ONLY, 1_000));

    assertThat(outcome).isEqualTo(new WriteOutcome.NotLeader(leader.id));
    assertThat(outcome.fate()).isEqualTo(WriteOutcome.Fate.NOT_APPLIED);
  }

  @Test
  void leaderLossIsSurvivedWithoutLosingWhatWasAcknowledged() {
    MemoryCluster cluster = MemoryCluster.formed(3, 5);
    ClusterNode old = cluster.leaderNow();
    cluster.await(old.write("before=1"));

    long killed = cluster.time.nowNanos();
    old.kill();
    ClusterNode leader = cluster.awaitLeader();
    long electedMillis = (cluster.time.nowNanos() - killed) / VirtualTime.MILLI;
    cluster.await(leader.write("after=2"));
    ReadOf read = cluster.otherThan(leader).read("before");
    cluster.await(read);

    assertThat(electedMillis).isLessThan(500);
    assertThat(read.value()).isEqualTo("1");

    old.start();
    assertEqualStates(cluster);
    assertThat(old.machine.get("after")).isEqualTo("2");
    assertThat(old.status().raft().leader()).isEqualTo(leader.id);
  }

  @Test
  void brokenLinkToTheLeaderStartsAnElectionWithoutWaitingForTheTimeout() {
    for (int seed = 110; seed < 120; seed++) {
      MemoryCluster cluster = MemoryCluster.formed(3, seed);
      ClusterNode old = cluster.leaderNow();
      cluster.pass(200);
      long killed = cluster.time.nowNanos();
      old.kill();
      cluster.await("another leader", () -> cluster.leader() != null);

      assertThat((cluster.time.nowNanos() - killed) / VirtualTime.MILLI).isLessThan(95);
    }
  }

  @Test
  void offlineFollowerCatchesUp() {
    MemoryCluster cluster = MemoryCluster.formed(3, 6);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    follower.kill();

    for (int i = 0; i < 100; i++) {
      cluster.await(cluster.leaderNow().write("k" + i + "=" + i));
    }
    follower.start();

    assertEqualStates(cluster);
    assertThat(follower.machine.get("k99")).isEqualTo("99");
  }

  @Test
  void partitionedFollowerCatchesUpAndDoesNotDisturb() {
    MemoryCluster cluster = MemoryCluster.formed(3, 7);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    long term = leader.status().raft().term();
    cluster.cutOff(follower);

    for (int i = 0; i < 100; i++) {
      cluster.await(leader.write("k" + i + "=" + i));
    }
    cluster.pass(2_000);
    cluster.network.heal();

    assertEqualStates(cluster);
    assertThat(cluster.leaderNow()).isSameAs(leader);
    assertThat(leader.status().raft().term()).isEqualTo(term);
  }

  @Test
  void partitionedLeaderServesNoStaleReadAndCatchesUp() {
    MemoryCluster cluster = MemoryCluster.formed(3, 8);
    ClusterNode old = cluster.leaderNow();
    cluster.await(old.write("x=1"));
    cluster.cutOff(old);
    ReadOf early = old.read("x", new ReadRequest.Linearizable(), 3_000);

    ClusterNode leader = cluster.awaitLeaderOtherThan(old);
    cluster.await(leader.write("x=2"));
    ReadOf late = old.read("x", new ReadRequest.Linearizable(), 1_000);
    cluster.await(late);

    assertThat(early.isServed()).isFalse();
    assertThat(late.get()).isInstanceOf(ReadAnswer.NoLeader.class);

    cluster.network.heal();
    ReadOf healed = old.read("x");
    cluster.await(healed);
    cluster.await(early);
    assertThat(healed.value()).isEqualTo("2");
    assertThat(early.isServed() ? early.value() : "2").isEqualTo("2");
    assertEqualStates(cluster);
  }

  @Test
  void pausedLeaderServesNoStaleReadFromOldAcks() {
    MemoryCluster cluster = MemoryCluster.formed(3, 9);
    ClusterNode old = cluster.leaderNow();
    cluster.await(old.write("x=1"));

    old.pause();
    cluster.await(cluster.awaitLeaderOtherThan(old).write("x=2"));
    ReadOf read = old.read("x");
    old.resume();
    cluster.await(read);

    assertThat(read.value()).isEqualTo("2");
  }

  @Test
  void allAtOnceKilledComeBackWithEverythingAcknowledged() {
    MemoryCluster cluster = MemoryCluster.formed(3, 10);
    for (int i = 0; i < 20; i++) {
      cluster.await(cluster.leaderNow().write("k" + i + "=" + i));
    }

    cluster.running().forEach(ClusterNode::kill);
    cluster.startAll();
    cluster.awaitLeader();

    ReadOf read = cluster.node(2).read("k19");
    cluster.await(read);
    assertThat(read.value()).isEqualTo("19");
    assertEqualStates(cluster);
  }
}
