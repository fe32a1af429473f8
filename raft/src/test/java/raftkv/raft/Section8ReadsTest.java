package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Raft §8 and thesis §6.4, linearizable reads. */
class Section8ReadsTest {
  private static List<ReadOutcome> outcomes(PaperNode node, Runnable input) {
    node.reads().clear();
    input.run();
    return List.copyOf(node.reads());
  }

  private static PaperNode calmLeader() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.hearAck(3, 2, 1);
    node.said();
    return node;
  }

  /** "Raft handles this by having each leader commit a no-op entry at the start of its term." */
  @Test
  void beginsItsTermWithANoOp() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();

    assertThat(node.core().log().entry(2).kind()).isEqualTo(EntryKind.NOOP);
    assertThat(node.core().log().last()).isEqualTo(at(2, 2));
  }

  /** "The leader exchanges heartbeat messages with a majority before responding." */
  @Test
  void confirmsAReadByTheEchoesOfAMajority() {
    PaperNode node = calmLeader();

    assertThat(outcomes(node, () -> node.read(1))).isEmpty();
    long round = node.last(2, RaftMessage.AppendEntries.class).round();

    assertThat(outcomes(node, () -> node.hearAck(2, 2, round)))
        .containsExactly(new ReadOutcome.Confirmed(1, 2));
  }

  /** Safety rule 2.1: an echo of a round from before the read confirms nothing. */
  @Test
  void isNotConfirmedByAnEchoFromBeforeTheRead() {
    PaperNode node = calmLeader();
    node.expire();
    long before = node.last(2, RaftMessage.AppendEntries.class).round();
    node.read(1);

    assertThat(outcomes(node, () -> node.hearAck(2, 2, before))).isEmpty();
    assertThat(outcomes(node, () -> node.hearAck(3, 2, before))).isEmpty();
    assertThat(outcomes(node, () -> node.hearAck(3, 2, before + 1))).hasSize(1);
  }

  /** Thesis §6.4, step 1: until its first entry is committed, a leader knows no read index. */
  @Test
  void readsNoEarlierThanItsFirstEntry() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.lead();
    node.read(1);
    long round = node.last(2, RaftMessage.AppendEntries.class).round();

    assertThat(outcomes(node, () -> node.hearAck(2, 1, round)))
        .containsExactly(new ReadOutcome.Confirmed(1, 4));
  }

  /** Safety rule 2.1: the read index is the commit index when the round is built. */
  @Test
  void takesTheCommitIndexOfTheRound() {
    PaperNode node = calmLeader();
    node.propose("x");
    node.hearAck(2, 3, 2);
    node.said();

    node.read(1);
    long round = node.last(2, RaftMessage.AppendEntries.class).round();

    assertThat(outcomes(node, () -> node.hearAck(3, 2, round)))
        .containsExactly(new ReadOutcome.Confirmed(1, 3));
  }

  /** Safety rule 2.2: the echo of a node that does not count confirms nothing. */
  @Test
  void isNotConfirmedByAWipedNode() {
    PaperNode node = calmLeader();
    node.read(1);
    long round = node.last(2, RaftMessage.AppendEntries.class).round();
    Standing wiped = new Standing(new Incarnation(9, 9), true);

    List<ReadOutcome> none =
        outcomes(
            node,
            () ->
                node.hear(
                    2,
                    2,
                    new RaftMessage.AppendEntriesReply(2, round, null, wiped, Abilities.ALL)));

    assertThat(none).isEmpty();
  }

  /** A leader that lost its term answers no. */
  @Test
  void givesReadsBackWhenItStepsDown() {
    PaperNode node = calmLeader();
    node.read(1);
    node.hear(2, 2, new RaftMessage.ReadIndex(77));
    node.said();

    List<ReadOutcome> given = outcomes(node, () -> node.hearAppend(3, 9, at(1, 1), 1));

    assertThat(given).containsExactly(new ReadOutcome.Abandoned(1));
    assertThat(node.last(2, RaftMessage.ReadIndexReply.class))
        .isEqualTo(new RaftMessage.ReadIndexReply(77, 0));
  }

  /** Thesis §6.4: a follower asks the leader for a read index. */
  @Test
  void followerAsksItsLeader() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 1, at(1, 1), 1);
    node.read(1);
    long question = node.last(2, RaftMessage.ReadIndex.class).question();

    assertThat(outcomes(node, () -> node.hear(3, 1, new RaftMessage.ReadIndexReply(question, 9))))
        .as("not from its leader")
        .isEmpty();
    assertThat(outcomes(node, () -> node.hear(2, 1, new RaftMessage.ReadIndexReply(question, 1))))
        .containsExactly(new ReadOutcome.Confirmed(1, 1));
  }

  /** A follower of nobody has nobody to ask. */
  @Test
  void refusesToReadWithoutALeader() {
    PaperNode node = new PaperNode(3, 1);

    assertThat(node.core().confirmRead(1)).isEqualTo(new ReadResult.NoLeader());
    node.hear(2, 1, new RaftMessage.ReadIndex(5));
    assertThat(node.last(2, RaftMessage.ReadIndexReply.class).readIndex()).isZero();
  }
}
