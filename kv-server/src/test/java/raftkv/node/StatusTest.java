package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.NodeStatus.MemberStatus;
import raftkv.node.WriteRequest.Routing;

/** What a node says of itself and of the others. */
class StatusTest {
  @Test
  void formingClusterSaysWhomItWaitsFor() {
    MemoryCluster cluster = new MemoryCluster(3, 91);
    cluster.node(1).start();
    cluster.pass(2_000);

    NodeStatus status = cluster.node(1).status();
    WriteOutcome outcome = cluster.await(cluster.node(1).write("x=1", true, Routing.ANY, 300));
    ReadOf read = cluster.node(1).read("x", new ReadRequest.Linearizable(), 300);

    assertThat(status.condition()).isEqualTo("forming: waiting for members 2, 3");
    assertThat(outcome).isEqualTo(new WriteOutcome.NotReady("forming: waiting for members 2, 3"));
    assertThat(cluster.await(read))
        .isEqualTo(new ReadAnswer.NotReady("forming: waiting for members 2, 3"));

    cluster.node(2).start();
    cluster.node(3).start();
    cluster.awaitLeader();
    assertThat(cluster.node(1).status().condition()).isEmpty();
  }

  @Test
  void nodeThatLostItsDataFollowsAndSaysThatItDoesNotCount() {
    MemoryCluster cluster = MemoryCluster.formed(3, 92);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    cluster.await(leader.write("x=1"));
    follower.kill();
    follower.wipe();
    cluster.otherThan(leader, follower).kill();
    follower.start();
    cluster.await("it catches up", () -> "1".equals(follower.machine.get("x")));

    assertThat(follower.status().raft().counts()).isFalse();
    assertThat(leader.status().members().get(follower.id.value() - 1).counts()).isFalse();
    cluster.pass(1_000);

    WriteOutcome outcome = cluster.await(follower.write("y=1", true, Routing.ANY, 300));
    assertThat(((WriteOutcome.NotReady) outcome).what()).contains("does not count");
  }

  /** Safety rule 5.4: the others name its new incarnation, and it counts by itself. */
  @Test
  void nodeThatLostItsDataCountsAgainOnceTheOthersHaveAdmittedIt() {
    MemoryCluster cluster = MemoryCluster.formed(3, 92);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    cluster.await(leader.write("x=1"));
    follower.kill();
    follower.wipe();
    follower.start();

    cluster.await("it counts", () -> follower.status().raft().counts());
    cluster.otherThan(leader, follower).kill();

    assertThat(cluster.await(leader.write("y=1"))).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(leader.status().members().get(follower.id.value() - 1).counts()).isTrue();
  }

  @Test
  void leaderSeesLagAndLinksOfMembers() {
    MemoryCluster cluster = MemoryCluster.formed(3, 93);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode dead = cluster.otherThan(leader);
    cluster.pass(200);
    dead.kill();
    for (int i = 0; i < 5; i++) {
      cluster.await(leader.write("k" + i + "=1"));
    }

    MemberStatus seen = leader.status().members().get(dead.id.value() - 1);
    MemberStatus self = leader.status().members().get(leader.id.value() - 1);

    assertThat(seen.node()).isEqualTo(dead.id);
    assertThat(seen.lagEntries()).isEqualTo(5);
    assertThat(seen.linkState()).isEqualTo("refused");
    assertThat(self.isLeader()).isTrue();
    assertThat(self.lagEntries()).isZero();
  }

  @Test
  void nodeWithoutQuorumIsNotServing() {
    MemoryCluster cluster = MemoryCluster.formed(3, 94);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    cluster.cutOff(follower);
    cluster.pass(1_000);

    assertThat(follower.status().isServing()).isFalse();
    assertThat(leader.status().isServing()).isTrue();
  }

  @Test
  void headerNamesClusterLeaderAndState() {
    MemoryCluster cluster = MemoryCluster.formed(3, 95);
    ClusterNode leader = cluster.leaderNow();
    cluster.pass(200);
    NodeHeader header = cluster.otherThan(leader).runtime().requests().header();

    assertThat(header.clusterId()).isEqualTo(leader.status().raft().clusterId());
    assertThat(header.clusterId()).isNotNull();
    assertThat(header.leader()).isEqualTo(leader.id);
    assertThat(header.appliedIndex()).isEqualTo(leader.machine.appliedIndex());
  }

  @Test
  void tooManyOpenRequestsAreRefusedAndTheNodeServesOn() {
    MemoryCluster cluster = new MemoryCluster(3, 96);
    cluster.tuning =
        of ->
            new NodeConfig(
                of.raft(),
                256,
                8 << 20,
                8_192,
                32 << 20,
                10,
                1_024,
                1 << 20,
                64L << 20,
                16L << 20,
                of.rerouteNanos(),
                of.diskHangNanos(),
                of.digestNanos(),
                of.snapshots());
    cluster.startAll();
    ClusterNode lonely = cluster.otherThan(cluster.awaitLeader());
    cluster.cutOff(lonely);
    cluster.pass(1_000);
    int refused = 0;
    for (int i = 0; i < 15; i++) {
      Answer<WriteOutcome> answer = lonely.write("k" + i + "=1", true, Routing.ANY, 400);
      cluster.pass(1);
      refused += answer.isThere() && answer.get() instanceof WriteOutcome.Overloaded ? 1 : 0;
    }
    cluster.pass(500);

    assertThat(refused).isEqualTo(5);
    assertThat(lonely.status().waitingRequests()).isZero();
  }

  /** A short command may be answered with a large entry, and thousands of them may be under way. */
  @Test
  void answersWithWholeEntriesAreBounded() {
    MemoryCluster cluster = MemoryCluster.formed(1, 97);
    ClusterNode leader = cluster.leaderNow();
    leader.log.hangs = true;
    Answer<WriteOutcome> first = leader.write("x=" + (16 << 20) + " bytes");
    cluster.pass(1);

    Answer<WriteOutcome> tooMuch = leader.write("y=1 bytes");
    Answer<WriteOutcome> small = leader.write("z=1");
    cluster.pass(1);

    assertThat(tooMuch.get()).isInstanceOf(WriteOutcome.Overloaded.class);
    assertThat(small.isThere()).isFalse();
    leader.log.unhang();
    assertThat(cluster.await(first)).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(cluster.await(small)).isInstanceOf(WriteOutcome.Applied.class);
    assertThat(cluster.await(leader.write("y=" + (17 << 20) + " bytes")))
        .as("one is always taken")
        .isInstanceOf(WriteOutcome.Applied.class);
  }
}
