package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.standing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Raft §5.4, safety. */
class Section54SafetyTest {
  /** §5.4.1: "If the logs have last entries with different terms, the later term is better." */
  @ParameterizedTest
  @CsvSource({
    "3, 3, true",
    "4, 3, true",
    "2, 3, false",
    "1, 4, true",
    "9, 2, false",
    "3, 2, false",
  })
  void votesOnlyForALogThatIsAtLeastAsUpToDate(long index, long term, boolean granted) {
    PaperNode node = new PaperNode(3, 1, 2, 3);

    node.hear(2, 8, new RaftMessage.RequestVote(at(index, term), false));

    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isEqualTo(granted);
    assertThat(node.core().term()).isEqualTo(8);
  }

  /** §5.4.1 as a relation: by term first, then by index. */
  @Test
  void comparesLogsByTermAndThenByIndex() {
    assertThat(at(1, 3).isAtLeastAsUpToDateAs(at(9, 2))).isTrue();
    assertThat(at(9, 2).isAtLeastAsUpToDateAs(at(1, 3))).isFalse();
    assertThat(at(4, 2).isAtLeastAsUpToDateAs(at(4, 2))).isTrue();
    assertThat(at(3, 2).isAtLeastAsUpToDateAs(at(4, 2))).isFalse();
  }

  /** §5.4.2: "Raft never commits log entries from previous terms by counting replicas." */
  @Test
  void doesNotCommitEntriesOfEarlierTermsByCounting() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.lead();

    node.hearAck(2, 3, 1);
    node.hearAck(3, 3, 1);

    assertThat(node.core().commitIndex()).isEqualTo(1);
  }

  /** §5.4.2: "Once an entry from the current term has been committed, all prior ones are, too." */
  @Test
  void commitsThemThroughAnEntryOfItsOwnTerm() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.lead();

    node.hearAck(2, 4, 1);

    assertThat(node.core().commitIndex()).isEqualTo(4);
    assertThat(node.applied()).containsExactly("2.2", "3.2");
  }

  /** Safety rule 5.3: an ack of an incarnation that the log does not name commits nothing. */
  @Test
  void doesNotCommitByTheAckOfAWipedNode() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    Standing wiped = new Standing(new Incarnation(9, 9), false);

    node.hear(
        2,
        node.core().term(),
        new RaftMessage.AppendEntriesReply(2, 1, null, wiped, Abilities.ALL));
    assertThat(node.core().commitIndex()).isEqualTo(1);

    node.hearAck(3, 2, 1);
    assertThat(node.core().commitIndex()).isEqualTo(2);
  }

  /** Figure 3, Leader Completeness, as the core's own tripwire: committed text is never cut. */
  @Test
  void stopsRatherThanCutCommittedText() {
    PaperNode node = new PaperNode(3, 1, 2);
    node.hearAppend(2, 2, at(2, 2), 2);

    assertThatThrownBy(() -> node.hearAppend(3, 5, at(1, 1), 1, 5))
        .isInstanceOf(Check.InvariantBroken.class);
  }

  /** §5.4.2 with the leader's own disk: it counts for itself with what it has forced. */
  @Test
  void leaderCountsForItselfWhatItsDiskHolds() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.slowDisk();
    node.propose("x");

    node.hearAck(2, 3, 2);
    assertThat(node.core().commitIndex()).isEqualTo(2);

    node.diskDone();
    assertThat(node.core().commitIndex()).isEqualTo(3);
  }

  /** §5.5: "Raft RPCs are idempotent." */
  @Test
  void takesAnAppendTwiceAsOnce() {
    PaperNode node = new PaperNode(3, 1);

    node.hearAppend(2, 1, at(1, 1), 1, 1, 1);
    node.hearAppend(2, 1, at(1, 1), 3, 1, 1);
    node.hearAppend(2, 1, at(1, 1), 1, 1);

    assertThat(node.logTerms()).containsExactly(1L, 1L, 1L);
    assertThat(node.applied()).containsExactly("2.1", "3.1");
    node.hear(2, 1, new RaftMessage.AppendEntriesReply(3, 1, null, standing(2), Abilities.ALL));
    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
  }
}
