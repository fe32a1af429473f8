package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.PeerMessage;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

/** The end of a node (decisions §2, SIGTERM) and planned handovers. */
class StopTest {
  private static Answer<Boolean> stop(ClusterNode node) {
    Answer<Boolean> stopped = new Answer<>();
    node.runtime().stop(() -> stopped.accept(true));
    return stopped;
  }

  @Test
  void stoppingLeaderHandsOverAndLeavesNothingUnknown() {
    MemoryCluster cluster = MemoryCluster.formed(3, 61);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    Answer<Boolean> stopped = new Answer<>();
    long began = cluster.time.nowNanos();
    for (int i = 0; i < 60; i++) {
      answers.add(old.write("a" + i + "=1", false, Routing.ANY, 5_000));
      answers.add(follower.write("b" + i + "=1", false, Routing.ANY, 5_000));
      if (i == 20) {
        began = cluster.time.nowNanos();
        old.runtime().stop(() -> stopped.accept(true));
      }
      cluster.time.pass(200_000);
    }

    cluster.await(stopped);
    long took = (cluster.time.nowNanos() - began) / VirtualTime.MILLI;
    for (Answer<WriteOutcome> answer : answers) {
      assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
    }
    assertThat(took).isLessThan(300);
    assertThat(cluster.leaderNow()).isNotSameAs(old);
  }

  @Test
  void idleLeaderEndsOnlyWhenAnotherNodeLeads() {
    MemoryCluster cluster = MemoryCluster.formed(3, 67);
    ClusterNode old = cluster.leaderNow();
    cluster.pass(200);

    cluster.await(stop(old));

    NodeId leader = old.status().raft().leader();
    assertThat(leader).isNotNull().isNotEqualTo(old.id);
  }

  @Test
  void stoppingNodeIsNotServingAndDoesNotTakeOverLeadership() {
    MemoryCluster cluster = MemoryCluster.formed(3, 62);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    // A write that cannot be decided keeps the follower from ending.
    leader.log.hangs = true;
    cluster.otherThan(leader, follower).log.hangs = true;
    follower.write("x=1");
    cluster.pass(1);

    stop(follower);
    cluster.pass(1);

    assertThat(follower.status().condition()).isEqualTo("stopping");
    assertThat(follower.status().isServing()).isFalse();
    cluster.pass(60);
    assertThat(cluster.await(leader.transfer(follower.id)))
        .isEqualTo(new TransferOutcome.NoTarget());
  }

  @Test
  void stopWithoutQuorumEndsInTimeAndTellsTheTruth() {
    MemoryCluster cluster = MemoryCluster.formed(3, 63);
    ClusterNode leader = cluster.leaderNow();
    cluster.cutOff(leader);
    Answer<WriteOutcome> proposed = leader.write("x=1");
    cluster.pass(1);
    long began = cluster.time.nowNanos();
    Answer<Boolean> stopped = stop(leader);
    Answer<WriteOutcome> late = leader.write("y=1");
    ReadOf read = leader.read("x");
    cluster.await(stopped);

    assertThat((cluster.time.nowNanos() - began) / VirtualTime.MILLI).isLessThan(1_100);
    assertThat(cluster.await(proposed).fate()).isEqualTo(WriteOutcome.Fate.UNKNOWN);
    assertThat(cluster.await(late)).isEqualTo(new WriteOutcome.NotReady("stopping"));
    assertThat(cluster.await(read)).isEqualTo(new ReadAnswer.NotReady("stopping"));
    assertThat(cluster.await(leader.write("z=1"))).isEqualTo(new WriteOutcome.NotReady("stopping"));
  }

  /** Nothing runs out any more once the node has ended: whoever waits then would wait for ever. */
  @Test
  void whoeverWaitsForAnOperationIsToldWhenTheNodeEnds() {
    MemoryCluster cluster = MemoryCluster.formed(3, 68);
    ClusterNode old = cluster.leaderNow();
    cluster.pass(100);
    // Another node takes over, and is not heard.
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core
                && core.envelope().message() instanceof RaftMessage.AppendEntries;
    Answer<HashAnswer> hash = old.stateHash(1_000, 20_000);
    Answer<TransferOutcome> transfer = old.transfer(null);
    cluster.pass(20);
    assertThat(transfer.isThere()).isFalse();

    cluster.await(stop(old));
    cluster.pass(30_000);

    assertThat(hash.isThere()).isTrue();
    assertThat(hash.get()).isEqualTo(new HashAnswer.NotReady("stopping"));
    assertThat(transfer.isThere()).isTrue();
    assertThat(transfer.get()).isEqualTo(new TransferOutcome.NotReady("stopping"));
    assertThat(cluster.await(old.transfer(null))).isEqualTo(transfer.get());
    assertThat(cluster.await(old.stateHash(1_000, 500))).isEqualTo(hash.get());
    assertThat(old.status().waitingRequests()).isZero();
  }

  @Test
  void nodeAloneStopsAtOnceWithItsWritesDecided() {
    MemoryCluster cluster = MemoryCluster.formed(1, 64);
    Answer<WriteOutcome> write = cluster.node(1).write("x=1");
    cluster.time.pass(1_000);
    long began = cluster.time.nowNanos();

    cluster.await(stop(cluster.node(1)));

    assertThat(cluster.await(write)).isInstanceOf(Applied.class);
    assertThat(cluster.time.nowNanos() - began).isLessThan(5 * VirtualTime.MILLI);
  }

  @Test
  void transferToNamedMemberIsAnsweredWithTheNewLeader() {
    MemoryCluster cluster = MemoryCluster.formed(3, 65);
    ClusterNode old = cluster.leaderNow();
    NodeId target = cluster.otherThan(old).id;

    assertThat(cluster.await(old.transfer(target))).isEqualTo(new TransferOutcome.Done(target));
    assertThat(cluster.leaderNow().id).isEqualTo(target);
    assertThat(cluster.await(old.transfer(null))).isEqualTo(new TransferOutcome.NotLeader(target));
  }

  @Test
  void transferToUnreachableMemberIsRefused() {
    MemoryCluster cluster = MemoryCluster.formed(3, 66);
    ClusterNode old = cluster.leaderNow();
    ClusterNode target = cluster.otherThan(old);
    cluster.cutOff(target);
    cluster.pass(1_000);

    assertThat(cluster.await(old.transfer(target.id))).isEqualTo(new TransferOutcome.NoTarget());
    assertThat(cluster.await(old.write("x=1"))).isInstanceOf(Applied.class);
  }
}
