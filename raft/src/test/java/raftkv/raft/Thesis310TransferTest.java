package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.id;

import org.junit.jupiter.api.Test;

/** Thesis §3.10, leadership transfer extension. */
class Thesis310TransferTest {
  private static PaperNode leader() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();
    node.hearAck(2, 2, 1);
    node.hearAck(3, 2, 1);
    node.said();
    return node;
  }

  /** "The prior leader stops accepting new client requests." */
  @Test
  void takesNoProposalsWhileHandingOver() {
    PaperNode node = leader();
    node.transferTo(2);

    assertThat(node.core().propose(Bytes.EMPTY)).isInstanceOf(ProposeResult.HandingOver.class);
  }

  /** "It fully updates the target server's log to match its own" before TimeoutNow. */
  @Test
  void asksTheTargetWhenItHasTheWholeLog() {
    PaperNode node = leader();
    node.propose("x");
    node.transferTo(2);
    assertThat(node.said(2, RaftMessage.TimeoutNow.class)).isEmpty();

    node.hearAck(2, 3, 2);

    assertThat(node.last(2, RaftMessage.TimeoutNow.class).lastIndex()).isEqualTo(3);
    node.hearAck(2, 3, 2);
    assertThat(node.said(2, RaftMessage.TimeoutNow.class)).as("once").isEmpty();
  }

  /** "If leadership transfer does not complete after about an election timeout, it aborts." */
  @Test
  void goesOnWhenTheTargetDoesNotTakeOver() {
    PaperNode node = leader();
    node.transferTo(2);
    node.pass(160);

    assertThat(node.core().isLeader()).isTrue();
    assertThat(node.core().propose(Bytes.EMPTY)).isInstanceOf(ProposeResult.Accepted.class);
  }

  /** "Causes it to start a new election at once", without asking whether it would win. */
  @Test
  void targetCampaignsAtOnce() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 1, at(1, 1), 1);

    node.hear(2, 1, new RaftMessage.TimeoutNow(1));

    assertThat(node.role()).isEqualTo(NodeView.RoleName.CANDIDATE);
    assertThat(node.last(3, RaftMessage.RequestVote.class).transfer()).isTrue();
  }

  /** Decisions §2: only in that term, from that leader, with a log that reaches far enough. */
  @Test
  void targetObeysOnlyItsLeaderInItsTerm() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 4, at(1, 1), 1);

    node.hear(2, 3, new RaftMessage.TimeoutNow(1));
    node.hear(3, 4, new RaftMessage.TimeoutNow(1));
    node.hear(2, 4, new RaftMessage.TimeoutNow(2));

    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    assertThat(node.core().term()).isEqualTo(4);
  }

  /** Decisions §2: the flag overrides stickiness for the next term only. */
  @Test
  void voterHelpsAHandoverToTheNextTermOnly() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 4, at(1, 1), 1);

    node.hear(3, 6, new RaftMessage.RequestVote(at(1, 1), true));
    assertThat(node.view().votedFor()).isNull();

    node.hear(3, 5, new RaftMessage.RequestVote(at(1, 1), true));
    assertThat(node.view().votedFor()).isEqualTo(id(3));
  }
}
