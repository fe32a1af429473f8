package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.ReadRequest.Linearizable;
import raftkv.node.ReadRequest.Stale;
import raftkv.node.WriteOutcome.Applied;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;

/** Replicas that differ (decisions §4, safety rule 7.1, hazard 121). */
class FenceTest {
  private static MemoryCluster withSomeData(long seed) {
    MemoryCluster cluster = MemoryCluster.formed(3, seed);
    for (int i = 0; i < 5; i++) {
      cluster.await(cluster.leaderNow().write("k" + i + "=1"));
    }
    cluster.pass(300);
    return cluster;
  }

  @Test
  void equalReplicasSuspectNobody() {
    MemoryCluster cluster = withSomeData(81);
    cluster.pass(5_000);

    for (ClusterNode node : cluster.running()) {
      assertThat(node.status().condition()).isEmpty();
      assertThat(node.status().fence()).isNull();
    }
  }

  @Test
  void followerInTheMinorityFencesItselfAndGivesNoResults() {
    MemoryCluster cluster = withSomeData(82);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());

    follower.machine.flip();
    cluster.await("the fence", () -> follower.status().fence() != null);

    assertThat(follower.status().condition()).isEqualTo("fenced");
    assertThat(cluster.await(follower.read("k1"))).isInstanceOf(ReadAnswer.Diverged.class);
    assertThat(cluster.await(follower.read("k1", new Stale(0, 0), 500)))
        .isInstanceOf(ReadAnswer.Diverged.class);
    assertThat(cluster.await(follower.stateHash(0, 500))).isInstanceOf(HashAnswer.Diverged.class);
    assertThat(cluster.await(follower.write("via=1"))).isInstanceOf(Applied.class);
    cluster.pass(3_000);
    assertThat(cluster.leaderNow().status().condition()).isEmpty();
  }

  @Test
  void leaderInTheMinorityFencesItselfAndTransfers() {
    MemoryCluster cluster = withSomeData(83);
    ClusterNode old = cluster.leaderNow();

    old.machine.flip();
    ClusterNode leader = cluster.awaitLeaderOtherThan(old);

    assertThat(old.status().condition()).isEqualTo("fenced");
    assertThat(cluster.await(leader.write("x=1"))).isInstanceOf(Applied.class);
    ReadOf read = leader.read("x");
    cluster.await(read);
    assertThat(read.value()).isEqualTo("1");
  }

  @Test
  void fenceIsForcedBeforeItIsReportedAndNoResultIsGivenMeanwhile() {
    MemoryCluster cluster = withSomeData(84);
    ClusterNode old = cluster.leaderNow();
    old.fence.slow = true;
    old.machine.flip();
    cluster.await("the fence is being written", old.fence::isWaiting);
    ReadOf read = old.read("k1", new Linearizable(), 2_000);
    ReadOf stale = old.read("k1", new Stale(0, 0), 2_000);
    Answer<WriteOutcome> write = old.write("x=1", false, Routing.ANY, 3_000);
    Answer<HashAnswer> hash = old.stateHash(0, 2_000);
    Answer<HashAnswer> hashOfBefore = old.stateHash(old.machine.appliedIndex() - 1, 2_000);
    cluster.pass(30);

    assertThat(old.status().fence()).isNull();
    assertThat(read.isThere()).isFalse();
    assertThat(stale.isThere()).isFalse();
    assertThat(hash.get()).isEqualTo(new HashAnswer.NotReady("comparing its state"));
    assertThat(hashOfBefore.get()).isEqualTo(hash.get());

    old.fence.force();
    assertThat(cluster.await(read)).isInstanceOf(ReadAnswer.Diverged.class);
    assertThat(cluster.await(stale)).isInstanceOf(ReadAnswer.Diverged.class);
    assertThat(old.status().fence()).isEqualTo(old.fence.raised());
    assertThat(cluster.await(write)).isInstanceOf(Applied.class);
  }

  @Test
  void writesThatWaitWhenTheFenceGoesUpAreUnknown() {
    MemoryCluster cluster = withSomeData(85);
    ClusterNode old = cluster.leaderNow();
    cluster.running().stream().filter(n -> n != old).forEach(n -> n.log.hangs = true);
    Answer<WriteOutcome> write = old.write("x=1", true, Routing.ANY, 3_000);
    cluster.pass(1);
    old.machine.flip();

    assertThat(cluster.await(write)).isEqualTo(new WriteOutcome.Unknown(WriteOutcome.Cause.FENCED));
    cluster.running().forEach(node -> node.log.unhang());
  }

  /** Hazard 121: the restarted replica still knows. */
  @Test
  void fenceOutlivesTheProcess() {
    MemoryCluster cluster = withSomeData(86);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    follower.machine.flip();
    cluster.await("the fence", () -> follower.status().fence() != null);
    follower.kill();
    follower.start();
    cluster.pass(500);

    assertThat(follower.status().condition()).isEqualTo("fenced");
    assertThat(cluster.await(follower.read("k1", new Stale(0, 0), 500)))
        .isInstanceOf(ReadAnswer.Diverged.class);
  }

  /** A fenced node goes on appending and voting. */
  @Test
  void fencedFollowerStillHelpsToCommit() {
    MemoryCluster cluster = withSomeData(87);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    follower.machine.flip();
    cluster.await("the fence", () -> follower.status().fence() != null);

    cluster.otherThan(leader, follower).kill();

    assertThat(cluster.await(leader.write("x=1"))).isInstanceOf(Applied.class);
  }

  /** While a third replica lives, the doubt of the right ones lasts a round trip. */
  @Test
  void doubtEndsAsSoonAsTheThirdAnswers() {
    MemoryCluster cluster = new MemoryCluster(3, 90);
    for (int id = 1; id <= 3; id++) {
      cluster.node(id).start();
      // Else all would speak at the same moments by themselves.
      cluster.pass(310);
    }
    ClusterNode leader = cluster.awaitLeader();
    ClusterNode follower = cluster.otherThan(leader);
    cluster.await(leader.write("x=1"));
    follower.machine.flip();
    int doubtful = 0;
    boolean fenced = false;
    for (int i = 0; i < 2_500; i++) {
      cluster.pass(1);
      fenced |= follower.status().fence() != null;
      doubtful += leader.status().condition().equals("diverged") ? 1 : 0;
    }

    assertThat(fenced).isTrue();
    assertThat(doubtful).isLessThan(4);
  }

  @Test
  void twoAnswersWithTwoHashesLeaveNobodyTrustedUntilAMajorityShows() {
    MemoryCluster cluster = withSomeData(88);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    ClusterNode third = cluster.otherThan(leader, follower);
    third.kill();
    follower.machine.flip();
    cluster.await("the doubt", () -> leader.status().condition().equals("diverged"));

    assertThat(cluster.await(leader.read("k1"))).isInstanceOf(ReadAnswer.Diverged.class);
    assertThat(cluster.await(leader.write("x=1"))).isInstanceOf(WriteOutcome.Diverged.class);
    assertThat(leader.status().fence()).isNull();

    third.start();
    cluster.await("the majority", () -> leader.status().condition().isEmpty());

    assertThat(cluster.await(leader.write("x=1"))).isInstanceOf(Applied.class);
    cluster.await("the fence", () -> follower.status().fence() != null);
  }

  /** The one that lags behind confirms a state of before the two began to differ. */
  @Test
  void agreementInFrontOfADifferenceDoesNotEndTheDoubt() {
    MemoryCluster cluster = withSomeData(91);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    ClusterNode third = cluster.otherThan(leader, follower);
    cluster.cutOff(third);
    cluster.await(leader.write("x=1"));
    follower.machine.flip();
    cluster.await("the doubt", () -> leader.status().condition().equals("diverged"));

    cluster.network.loses = (from, message) -> message instanceof PeerMessage.Core;
    int[] told = new int[1];
    cluster.network.tap =
        message ->
            told[0] +=
                message instanceof PeerMessage.Digest digest
                        && digest.index() == third.machine.appliedIndex()
                    ? 1
                    : 0;
    cluster.network.heal();
    for (int i = 0; i < 2_500; i++) {
      cluster.pass(1);
      assertThat(leader.status().condition()).isEqualTo("diverged");
      assertThat(follower.status().condition()).isEqualTo("diverged");
    }

    assertThat(told[0]).isPositive();
    assertThat(third.machine.appliedIndex()).isLessThan(leader.machine.appliedIndex());
    assertThat(cluster.await(leader.read("k1", new Stale(0, 0), 500)))
        .isInstanceOf(ReadAnswer.Diverged.class);

    cluster.network.loses = (from, message) -> false;
    cluster.await("the majority", () -> leader.status().condition().isEmpty());
    cluster.await("the fence", () -> follower.status().fence() != null);
  }

  @Test
  void stateHashIsAnsweredFromTheRingOrWaitedFor() {
    MemoryCluster cluster = withSomeData(89);
    ClusterNode leader = cluster.leaderNow();
    long index = leader.machine.appliedIndex();
    HashAnswer.Found now = (HashAnswer.Found) cluster.await(leader.stateHash(0, 500));
    Answer<HashAnswer> future = leader.stateHash(index + 1, 2_000);
    Answer<HashAnswer> tooFar = leader.stateHash(index + 9, 300);
    cluster.await(leader.write("more=1"));

    assertThat(now).isEqualTo(new HashAnswer.Found(index, now.hash()));
    assertThat(cluster.await(leader.stateHash(index, 500))).isEqualTo(now);
    assertThat(((HashAnswer.Found) cluster.await(future)).index()).isEqualTo(index + 1);
    assertThat(cluster.await(tooFar)).isEqualTo(new HashAnswer.FutureIndex(index + 9, index + 1));
  }

  @Test
  void stateHashOutsideTheRingIsGone() {
    HashRing ring = new HashRing();
    for (long index = 1; index <= HashRing.SIZE + 10; index++) {
      ring.record(index, new StateHash(index, 0));
    }

    assertThat(ring.at(10)).isNull();
    assertThat(ring.oldestIndex()).isEqualTo(11);
    assertThat(ring.at(11)).isEqualTo(new StateHash(11, 0));
  }
}
