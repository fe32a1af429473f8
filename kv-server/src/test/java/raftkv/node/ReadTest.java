package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.node.ReadRequest.Linearizable;
import raftkv.node.ReadRequest.Stale;
import raftkv.port.PeerMessage;
import raftkv.raft.RaftMessage;

/** Reads at the level of nodes: hazards 38 to 45, decisions §5. */
class ReadTest {
  private static final long MILLI = VirtualTime.MILLI;

  /** Hazard 39: leader state without confirmation. */
  @Test
  void leaderThatHearsNobodyConfirmsNoRead() {
    MemoryCluster cluster = MemoryCluster.formed(3, 41);
    ClusterNode leader = cluster.leaderNow();
    cluster.network.loses = (from, message) -> !from.equals(leader.id);

    ReadOf read = leader.read("x", new Linearizable(), 200);

    assertThat(cluster.await(read)).isEqualTo(new ReadAnswer.NoLeader());
  }

  /** Hazard 45: a follower asks for a read index, and waits until it is applied (hazard 41). */
  @Test
  void followerReadSeesWhatWasAcknowledgedBefore() {
    MemoryCluster cluster = MemoryCluster.formed(3, 42);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    // The follower's appends come late: it lags behind what is acknowledged.
    cluster.network.cut(leader.id.value(), follower.id.value());
    cluster.await(leader.write("x=1"));
    assertThat(follower.machine.get("x")).isNull();
    ReadOf read = follower.read("x");
    cluster.pass(20);
    assertThat(read.isThere()).isFalse();

    cluster.network.heal();
    cluster.await(read);

    assertThat(read.value()).isEqualTo("1");
  }

  /** Hazard 40: echoes from before the read confirm nothing, however often they come. */
  @Test
  void readOnPausedLeaderIsNotConfirmedByAcksFromBefore() {
    for (int seed = 430; seed < 440; seed++) {
      MemoryCluster cluster = MemoryCluster.formed(3, seed);
      ClusterNode old = cluster.leaderNow();
      cluster.await(old.write("x=1"));
      Answer<WriteOutcome> before = old.write("y=1");
      cluster.time.pass(700_000);
      old.pause();
      cluster.await(cluster.awaitLeaderOtherThan(old).write("x=2"));
      ReadOf read = old.read("x");
      old.resume();
      cluster.await(read);

      assertThat(read.value()).isEqualTo("2");
      cluster.await(before);
    }
  }

  /** Hazard 38: a new leader's read index is at least its first entry. */
  @Test
  void newLeaderReadsNothingOlderThanWhatItsPredecessorAcknowledged() {
    MemoryCluster cluster = MemoryCluster.formed(3, 44);
    ClusterNode old = cluster.leaderNow();
    for (int i = 0; i < 10; i++) {
      cluster.await(old.write("x=" + i));
      ClusterNode follower = cluster.otherThan(old);
      old.kill();
      ReadOf read = follower.read("x");
      cluster.await(read);
      assertThat(read.value()).isEqualTo(String.valueOf(i));
      old.start();
      old = cluster.awaitLeader();
    }
  }

  /** Hazard 44: stale reads after a start wait until what was known committed is applied. */
  @Test
  void staleReadAfterStartWaitsForTheReplay() {
    MemoryCluster cluster = MemoryCluster.formed(3, 45);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.await(cluster.leaderNow().write("x=1"));
    cluster.await(cluster.leaderNow().write("y=1"));
    cluster.pass(200);
    cluster.running().forEach(ClusterNode::kill);
    long hint = follower.log.durable().commitIndex();
    assertThat(hint).isGreaterThan(1);

    follower.start();
    ReadOf read = follower.read("x", new Stale(0, 0), 1_000);
    cluster.await(read);

    assertThat(read.value()).isEqualTo("1");
  }

  @Test
  void staleReadWithMinIndexWaitsForThatIndex() {
    MemoryCluster cluster = MemoryCluster.formed(3, 46);
    ClusterNode leader = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(leader);
    long next = leader.status().raft().lastIndex() + 1;
    ReadOf read = follower.read("x", new Stale(next, 0), 2_000);
    cluster.pass(300);
    assertThat(read.isThere()).isFalse();

    cluster.await(leader.write("x=1"));
    cluster.await(read);

    assertThat(read.value()).isEqualTo("1");
  }

  @Test
  void staleReadWithUnreachedMinIndexSaysSoAtItsDeadline() {
    MemoryCluster cluster = MemoryCluster.formed(3, 47);
    ClusterNode leader = cluster.leaderNow();

    ReadOf read = leader.read("x", new Stale(1_000, 0), 300);

    assertThat(cluster.await(read))
        .isEqualTo(new ReadAnswer.FutureIndex(1_000, leader.machine.appliedIndex()));
    assertThat(leader.status().waitingRequests()).isZero();
  }

  @Test
  void boundedStaleReadIsRefusedByNodeThatHearsNoLeader() {
    MemoryCluster cluster = MemoryCluster.formed(3, 48);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.pass(200);
    ReadOf fresh = follower.read("x", new Stale(0, 200 * MILLI), 1_000);
    cluster.await(fresh);
    assertThat(fresh.isServed()).isTrue();

    cluster.cutOff(follower);
    cluster.pass(300);
    ReadOf late = follower.read("x", new Stale(0, 200 * MILLI), 1_000);
    ReadOf any = follower.read("x", new Stale(0, 0), 1_000);

    assertThat(cluster.await(late)).isInstanceOf(ReadAnswer.TooStale.class);
    long lag = ((ReadAnswer.TooStale) late.get()).lagNanos();
    assertThat(lag == -1 || lag >= 200 * MILLI).isTrue();
    cluster.await(any);
    assertThat(any.isServed()).isTrue();
  }

  /** A process may be stopped in the middle of a turn: the turn's time is not its age then. */
  @Test
  void boundedStaleReadIsRefusedByNodeThatStoodStillInItsTurn() {
    MemoryCluster cluster = MemoryCluster.formed(3, 52);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.pass(200);
    long deadline = cluster.time.nowNanos() + 9_000 * MILLI;
    ReadRequest first = new ReadRequest(new Stale(0, 0), deadline);
    follower.runtime().requests().read(first, answer -> cluster.time.standStill(3_000 * MILLI));
    ReadOf inTheSameTurn = follower.read("x", new Stale(0, 2_000 * MILLI), 9_000);

    assertThat(cluster.await(inTheSameTurn)).isInstanceOf(ReadAnswer.TooStale.class);
    long lag = ((ReadAnswer.TooStale) inTheSameTurn.get()).lagNanos();
    assertThat(lag).isGreaterThanOrEqualTo(3_000 * MILLI);
  }

  /** Reads are routed again at once when leadership moves: no answer "no leader" in between. */
  @Test
  void readsOutliveTheLossOfTheLeader() {
    MemoryCluster cluster = MemoryCluster.formed(3, 49);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    cluster.await(old.write("x=1"));
    ReadOf before = follower.read("x");
    cluster.time.pass(100_000);
    old.kill();
    ReadOf after = follower.read("x");

    cluster.await(before);
    cluster.await(after);

    assertThat(before.value()).isEqualTo("1");
    assertThat(after.value()).isEqualTo("1");
  }

  /** A lost question is asked again. */
  @Test
  void followerReadSurvivesLossOfItsQuestion() {
    MemoryCluster cluster = MemoryCluster.formed(3, 50);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core
                && core.envelope().message() instanceof RaftMessage.ReadIndex;
    ReadOf read = follower.read("x", new Linearizable(), 2_000);
    cluster.pass(100);
    assertThat(read.isThere()).isFalse();
    cluster.network.loses = (from, message) -> false;

    cluster.await(read);

    assertThat(read.isServed()).isTrue();
  }

  /** All reads of a turn share one round. */
  @Test
  void thousandReadsCostFewMessages() {
    MemoryCluster cluster = MemoryCluster.formed(3, 51);
    ClusterNode leader = cluster.leaderNow();
    int[] sent = new int[1];
    cluster.network.tap = message -> sent[0]++;
    ReadOf last = leader.read("x");
    for (int i = 0; i < 999; i++) {
      last = leader.read("x");
    }
    cluster.await(last);

    assertThat(last.isServed()).isTrue();
    assertThat(sent[0]).isLessThan(12);
  }
}
