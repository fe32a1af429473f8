package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader's commit index says of how fresh a follower's state is (decisions §5). */
class FreshnessTest {
  private final RaftLog log = logOfTerms1And2();
  private final Freshness ofTerm2 = new Freshness(log, 2);

  /** Two entries of term 1, one of term 2; all committed and handed out. */
  private static RaftLog logOfTerms1And2() {
    List<LogEntry> entries =
        List.of(
            TestFormat.command(1, 1, "a"),
            TestFormat.command(2, 1, "b"),
            TestFormat.command(3, 2, "c"));
    RaftLog log = new RaftLog(LogPosition.ZERO, entries, 3);
    log.takeCommitted(10, 1_000);
    return log;
  }

  @Test
  void leaderThatHasCommittedNothingOfItsTermVouchesForNothing() {
    log.applied(2);

    ofTerm2.onHeartbeat(2, 500);

    // Entry 3 may have been committed long before by somebody else.
    assertThat(ofTerm2.asOfNanos()).isEqualTo(-1);
  }

  @Test
  void leaderVouchesWithItsOwnCommittedEntryOnceThatIsApplied() {
    log.applied(2);
    ofTerm2.onHeartbeat(3, 500);

    log.applied(3);
    ofTerm2.onApplied();

    assertThat(ofTerm2.asOfNanos()).isEqualTo(500);
  }

  @Test
  void oldestHeartbeatThatWaitsIsNotStarvedByNewerOnes() {
    log.applied(2);
    ofTerm2.onHeartbeat(3, 500);
    ofTerm2.onHeartbeat(3, 600);

    log.applied(3);
    ofTerm2.onApplied();
    ofTerm2.onHeartbeat(3, 700);

    assertThat(ofTerm2.asOfNanos()).isEqualTo(700);
  }

  /** A follower may apply, and show, what its leader has committed and not applied yet. */
  @Test
  void leaderVouchesForNoMoreThanItHasApplied() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.propose("x");
    long round = node.last(2, RaftMessage.AppendEntries.class).round();
    long before = node.view().freshAsOfNanos();
    node.pass(60);
    long later = node.last(2, RaftMessage.AppendEntries.class).round();
    assertThat(later).isGreaterThan(round);

    RaftNode core = node.core();
    core.step(
        new Envelope(
            PaperNode.id(2),
            core.self(),
            core.term(),
            new RaftMessage.AppendEntriesReply(
                3, later, null, PaperNode.standing(2), Abilities.ALL)));

    NodeView committed = node.view();
    assertThat(committed.commitIndex()).isEqualTo(3);
    assertThat(committed.appliedIndex()).isEqualTo(2);
    assertThat(committed.leaderContactNanos()).isGreaterThan(before);
    assertThat(committed.freshAsOfNanos()).isEqualTo(before);

    node.pass(1);
    assertThat(node.view().appliedIndex()).isEqualTo(3);
    assertThat(node.view().freshAsOfNanos()).isEqualTo(committed.leaderContactNanos());
  }
}
