package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.node.WriteOutcome.Applied;
import raftkv.node.WriteOutcome.Cause;
import raftkv.node.WriteOutcome.Unknown;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.PeerMessage;
import raftkv.port.Transport;
import raftkv.raft.RaftMessage;

/** What became of a request: each sentence of safety.md §3 at the level of nodes. */
class WriteFateTest {
  private static final Unknown LEADERSHIP_LOST = new Unknown(Cause.LEADERSHIP_LOST);

  /** Rule 3.1: answered when an entry of another term is committed at the index. */
  @Test
  void writeIsDroppedOnlyWhenAnotherEntryIsCommittedInItsPlace() {
    MemoryCluster cluster = MemoryCluster.formed(3, 21);
    ClusterNode old = cluster.leaderNow();
    cluster.cutOff(old);
    Answer<WriteOutcome> lost = old.write("x=1");
    ClusterNode leader = cluster.awaitLeaderOtherThan(old);
    cluster.await(leader.write("y=2"));
    assertThat(lost.isThere()).isFalse();

    cluster.network.heal();

    assertThat(cluster.await(lost)).isEqualTo(new WriteOutcome.Dropped());
    assertThat(lost.get().fate()).isEqualTo(WriteOutcome.Fate.NOT_APPLIED);
    cluster.pass(1_000);
    cluster.running().forEach(node -> assertThat(node.machine.commands).containsExactly("y=2"));
  }

  /**
   * Rule 3.1, the counter-example: S1's proposal is overwritten by a leader that has not committed
   * anything there. It may die, and another one that holds the proposal may commit it.
   */
  @Test
  void truncationAloneProvesNothing() {
    MemoryCluster cluster = MemoryCluster.formed(3, 22);
    ClusterNode s1 = cluster.leaderNow();
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core
                && core.envelope().message() instanceof RaftMessage.AppendEntriesReply;
    cluster.cutOff(s1);
    long term = s1.status().raft().term();
    Answer<WriteOutcome> x = s1.write("x=1");
    cluster.pass(1);
    int index = (int) s1.status().raft().lastIndex();
    ClusterNode s3 = cluster.awaitLeaderOtherThan(s1);
    cluster.network.heal();
    cluster.await(
        "S1's text is cut", () -> s1.log.durable().entries().get(index - 1).term() > term);

    assertThat(s3.status().raft().commitIndex()).isLessThan(index);
    assertThat(x.isThere()).isFalse();
    assertThat(cluster.await(x)).isEqualTo(LEADERSHIP_LOST);
  }

  /** Rule 3.2: after stepping down, the entry often commits a moment later. */
  @Test
  void writeOfDeposedLeaderIsAnsweredExactlyWhenItsEntryCommitsLater() {
    MemoryCluster cluster = MemoryCluster.formed(3, 23);
    ClusterNode old = cluster.leaderNow();
    // The entry reaches the followers, their acks do not come back.
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core
                && core.envelope().to().equals(old.id)
                && core.envelope().message() instanceof RaftMessage.AppendEntriesReply;
    Answer<WriteOutcome> answer = old.write("x=1");

    cluster.await("the old leader steps down", () -> cluster.leader() != old);
    assertThat(answer.isThere()).isFalse();
    cluster.network.loses = (from, message) -> false;

    assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
  }

  /** Rule 3.2: not longer than two election timeouts. */
  @Test
  void writeOfDeposedLeaderIsUnknownAfterTwoElectionTimeouts() {
    MemoryCluster cluster = MemoryCluster.formed(3, 24);
    ClusterNode old = cluster.leaderNow();
    cluster.cutOff(old);
    Answer<WriteOutcome> answer = old.write("x=1", true, Routing.ANY, 10_000);
    cluster.await("the old leader steps down", () -> old.status().raft().leader() == null);
    long steppedDown = cluster.time.nowNanos();

    assertThat(cluster.await(answer)).isEqualTo(LEADERSHIP_LOST);
    long waited = (cluster.time.nowNanos() - steppedDown) / VirtualTime.MILLI;
    assertThat(waited).isBetween(500L, 620L);
  }

  /** Rule 3.2: min(remaining deadline, two election timeouts). */
  @Test
  void writeOfDeposedLeaderIsUnknownAtItsDeadlineIfThatIsSooner() {
    MemoryCluster cluster = MemoryCluster.formed(3, 25);
    ClusterNode old = cluster.leaderNow();
    cluster.cutOff(old);
    long began = cluster.time.nowNanos();
    Answer<WriteOutcome> answer = old.write("x=1", true, Routing.ANY, 350);

    assertThat(cluster.await(answer)).isEqualTo(new Unknown(Cause.DEADLINE));
    assertThat((cluster.time.nowNanos() - began) / VirtualTime.MILLI).isEqualTo(350);
  }

  /** Rule 3.2: requests not yet proposed are routed again; hazard 12: nobody is held for ever. */
  @Test
  void writeWithoutLeaderWaitsForTheElectionAndIsDone() {
    MemoryCluster cluster = MemoryCluster.formed(3, 26);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    old.kill();

    Answer<WriteOutcome> answer = follower.write("x=1", false, Routing.ANY, 5_000);

    assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
  }

  @Test
  void writeThatNobodyTakesIsCertainlyNotApplied() {
    MemoryCluster cluster = MemoryCluster.formed(3, 27);
    ClusterNode lonely = cluster.otherThan(cluster.leaderNow());
    cluster.cutOff(lonely);
    cluster.pass(1_000);

    Answer<WriteOutcome> answer = lonely.write("x=1", true, Routing.ANY, 700);

    assertThat(cluster.await(answer)).isEqualTo(new WriteOutcome.NoLeader());
    cluster.network.heal();
    cluster.pass(2_000);
    cluster.running().forEach(node -> assertThat(node.machine.commands).isEmpty());
  }

  /** Rule 3.2, last sentence. */
  @Test
  void plannedHandoverCostsNoUnknownOutcome() {
    MemoryCluster cluster = MemoryCluster.formed(3, 28);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(old.write("a" + i + "=1", false, Routing.ANY, 5_000));
      answers.add(follower.write("b" + i + "=1", false, Routing.ANY, 5_000));
      if (i == 100) {
        old.transfer(null);
      }
      cluster.pass(1);
    }

    for (Answer<WriteOutcome> answer : answers) {
      assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
    }
    assertThat(cluster.leaderNow()).isNotSameAs(old);
    assertThat(cluster.leaderNow().machine.commands).hasSize(400).doesNotHaveDuplicates();
  }

  /** Rule 3.3: a forwarder sends a write without client_id at most once. */
  @Test
  void forwardedWriteWithoutIdIsUnknownWhenTheLeaderDies() {
    MemoryCluster cluster = MemoryCluster.formed(3, 29);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    old.log.hangs = true;
    Answer<WriteOutcome> answer = follower.write("x=1", false, Routing.ANY, 5_000);
    cluster.time.pass(400_000);
    old.kill();

    assertThat(cluster.await(answer)).isEqualTo(new Unknown(Cause.LINK_LOST));
  }

  /** Rule 3.3: with an id it is sent again, and APPLIED speaks of all copies. */
  @Test
  void forwardedWriteWithIdIsSentAgainWhenTheLeaderDies() {
    MemoryCluster cluster = MemoryCluster.formed(3, 29);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    old.log.hangs = true;
    Answer<WriteOutcome> answer = follower.write("x=1", true, Routing.ANY, 5_000);
    cluster.time.pass(400_000);
    old.kill();

    WriteOutcome outcome = cluster.await(answer);

    assertThat(outcome).isInstanceOf(Applied.class);
    assertThat(((Applied) outcome).otherCopyUndecided()).isTrue();
  }

  /** Rule 3.3: a NOT_APPLIED of the second copy says nothing of the first. */
  @Test
  void notAppliedIsUnknownWhileAnotherCopyIsUndecided() {
    MemoryCluster cluster = MemoryCluster.formed(3, 30);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    ClusterNode third = cluster.otherThan(old, follower);
    Answer<WriteOutcome> answer = follower.write("x=1", true, Routing.ANY, 1_000);
    cluster.time.pass(400_000);
    old.kill();
    third.kill();

    assertThat(cluster.await(answer)).isEqualTo(new Unknown(Cause.LINK_LOST));
  }

  /** Rule 3.3: after a definite NOT_LEADER also a write without id may be sent again. */
  @Test
  void forwardedWriteWithoutIdIsRoutedAgainAfterNotLeader() {
    MemoryCluster cluster = MemoryCluster.formed(3, 31);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    // The follower hears nothing, so it still takes the old leader for the leader.
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core && core.envelope().to().equals(follower.id);
    old.transfer(cluster.otherThan(old, follower).id);
    cluster.time.passUntil(() -> !old.id.equals(old.status().raft().leader()), 100_000_000);
    assertThat(follower.status().raft().leader()).isEqualTo(old.id);
    Answer<WriteOutcome> answer = follower.write("x=1", false, Routing.ANY, 5_000);
    cluster.pass(10);
    cluster.network.loses = (from, message) -> false;

    assertThat(cluster.await(answer)).isInstanceOf(Applied.class);
  }

  /** A leader takes so many from each node: the others wait here, and keep their order. */
  @Test
  void moreForwardedWritesThanMayBeUnderWayAreAllTaken() {
    MemoryCluster cluster = MemoryCluster.formed(3, 35);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    List<Answer<WriteOutcome>> answers = writeMany(follower, 5_000);

    answers.forEach(
        answer -> assertThat(cluster.await(answer)).isInstanceOf(WriteOutcome.Applied.class));

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      expected.add("k" + i + "=1");
    }
    assertThat(cluster.leaderNow().machine.commands).isEqualTo(expected);
  }

  /** What was not sent was certainly not applied. */
  @Test
  void forwardedWritesThatNeverGetRoomAreOverloaded() {
    MemoryCluster cluster = MemoryCluster.formed(3, 36);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.running().forEach(node -> node.log.hangs = true);
    List<Answer<WriteOutcome>> answers = writeMany(follower, 110);

    answers.forEach(cluster::await);

    List<WriteOutcome> sent = outcomes(answers.subList(0, Transport.MAX_FORWARDS));
    assertThat(sent).allMatch(outcome -> outcome.fate() == WriteOutcome.Fate.UNKNOWN);
    List<WriteOutcome> waited = outcomes(answers.subList(Transport.MAX_FORWARDS, answers.size()));
    assertThat(waited).allMatch(WriteOutcome.Overloaded.class::isInstance);
  }

  /** What is on its way to a leader that is cut off takes no room from the next one. */
  @Test
  void forwardedWritesDoNotWaitForTheLeaderBefore() {
    MemoryCluster cluster = MemoryCluster.formed(3, 37);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    cluster.cutOff(old);
    List<Answer<WriteOutcome>> answers = writeMany(follower, 9_000);
    assertThat(cluster.awaitLeaderOtherThan(old)).isNotEqualTo(follower);

    cluster.pass(1_000);

    List<Answer<WriteOutcome>> waited = answers.subList(Transport.MAX_FORWARDS, answers.size());
    assertThat(waited).allMatch(Answer::isThere);
    assertThat(outcomes(waited)).allMatch(Applied.class::isInstance);
  }

  /** However many values of the largest size come, what waits fits into memory. */
  @Test
  void moreBytesThanMayWaitAreRefusedAtOnce() {
    MemoryCluster cluster = MemoryCluster.formed(3, 38);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.running().forEach(node -> node.log.hangs = true);
    String megabyte = "k=" + "v".repeat((1 << 20) - 2);
    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(follower.write(megabyte, true, Routing.ANY, 900));
      cluster.time.pass(1);
    }

    // 16 MiB are on their way, 32 MiB wait.
    assertThat(answers.subList(0, 48)).noneMatch(Answer::isThere);
    assertThat(outcomes(answers.subList(48, 60)))
        .allMatch(WriteOutcome.Overloaded.class::isInstance);
  }

  private static List<Answer<WriteOutcome>> writeMany(ClusterNode node, long millis) {
    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    for (int i = 0; i < 2 * Transport.MAX_FORWARDS + 50; i++) {
      answers.add(node.write("k" + i + "=1", true, Routing.ANY, millis));
    }
    return answers;
  }

  private static List<WriteOutcome> outcomes(List<Answer<WriteOutcome>> answers) {
    return answers.stream().map(Answer::get).toList();
  }

  /** A last copy sent on the deadline would turn "certainly not applied" into "unknown". */
  @Test
  void refusedForwardIsNotTriedAgainOnTheDeadline() {
    MemoryCluster cluster = MemoryCluster.formed(3, 34);
    ClusterNode old = cluster.leaderNow();
    ClusterNode follower = cluster.otherThan(old);
    cluster.network.loses =
        (from, message) ->
            message instanceof PeerMessage.Core core && core.envelope().to().equals(follower.id);
    old.transfer(cluster.otherThan(old, follower).id);
    cluster.time.passUntil(() -> !old.id.equals(old.status().raft().leader()), 100_000_000);
    cluster.network.latencyNanos = 1_500_000;
    List<Answer<WriteOutcome>> answers = new ArrayList<>();
    for (int millis = 25; millis < 90; millis++) {
      answers.add(follower.write("x=" + millis, true, Routing.ANY, millis));
    }

    for (Answer<WriteOutcome> answer : answers) {
      assertThat(cluster.await(answer)).isEqualTo(new WriteOutcome.NoLeader());
    }
  }

  /** Rule 3.4: the forwarder's question ends before its caller's deadline. */
  @Test
  void forwarderAsksForLessTimeThanItHas() {
    assertThat(RequestDeadline.shortened(1_000_000_000)).isEqualTo(950_000_000);
    assertThat(RequestDeadline.shortened(100_000_000)).isEqualTo(90_000_000);
    assertThat(RequestDeadline.shortened(-5)).isZero();
    assertThat(RequestDeadline.answerBy(7, 100_000_000_000L)).isEqualTo(7 + 59_950_000_000L);
  }

  @Test
  void commandThatTheMachineDoesNotUnderstandIsNeverProposed() {
    MemoryCluster cluster = MemoryCluster.formed(3, 32);
    ClusterNode leader = cluster.leaderNow();
    long last = leader.status().raft().lastIndex();

    WriteOutcome here = cluster.await(leader.write("nonsense"));
    WriteOutcome there = cluster.await(cluster.otherThan(leader).write("nonsense"));

    assertThat(here).isEqualTo(new WriteOutcome.Invalid("no '=' in the command"));
    assertThat(there).isEqualTo(here);
    assertThat(leader.status().raft().lastIndex()).isEqualTo(last);
  }

  /** Hazard 56: a refusal leaves nothing behind that a retry would meet. */
  @Test
  void refusedWriteCanBeDoneLater() {
    MemoryCluster cluster = MemoryCluster.formed(3, 33);
    ClusterNode follower = cluster.otherThan(cluster.leaderNow());
    cluster.await(follower.write("x=1", true, Routing.LEADER_ONLY, 1_000));

    assertThat(cluster.await(follower.write("x=1"))).isInstanceOf(Applied.class);
  }
}
