package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.standing;

import org.junit.jupiter.api.Test;

/** Raft §5.1, Raft basics: terms. */
class Section51TermsTest {
  /** "If one server's current term is smaller than the other's, it updates its current term." */
  @Test
  void updatesItsTermToALargerOne() {
    PaperNode node = new PaperNode(3, 1, 2);

    node.hearAppend(2, 7, at(2, 2), 1);

    assertThat(node.core().term()).isEqualTo(7);
    assertThat(node.last(2, RaftMessage.AppendEntriesReply.class).matchIndex()).isEqualTo(2);
  }

  /** "If a candidate or leader discovers that its term is out of date, it reverts to follower." */
  @Test
  void leaderOfAnOldTermBecomesFollower() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();

    node.hear(2, 9, new RaftMessage.RequestVoteReply(false, standing(2)));

    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    assertThat(node.core().term()).isEqualTo(9);
  }

  /** The same sentence, for a candidate. */
  @Test
  void candidateOfAnOldTermBecomesFollower() {
    PaperNode node = new PaperNode(3, 1);
    node.campaign();

    node.hear(2, 9, new RaftMessage.RequestVoteReply(false, standing(2)));

    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    assertThat(node.view().votedFor()).isNull();
  }

  /** "If a server receives a request with a stale term number, it rejects the request." */
  @Test
  void rejectsAnAppendOfAStaleTerm() {
    PaperNode node = new PaperNode(3, 1, 4);

    node.hearAppend(2, 3, at(2, 4), 2, 3);

    assertThat(node.logTerms()).containsExactly(1L, 4L);
    assertThat(node.view().leader()).isNull();
    Envelope answer = node.said().get(0);
    assertThat(answer.term()).isEqualTo(4);
  }

  /** The same sentence, for a vote. */
  @Test
  void rejectsAVoteRequestOfAStaleTerm() {
    PaperNode node = new PaperNode(3, 1, 4);

    node.hear(2, 3, new RaftMessage.RequestVote(at(9, 3), false));

    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isFalse();
    assertThat(node.view().votedFor()).isNull();
  }

  /** "Each server stores a current term number, which increases monotonically over time." */
  @Test
  void keepsItsTermOverARestart() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(2, 7, at(1, 1), 1);

    node.restart();

    assertThat(node.core().term()).isEqualTo(7);
  }

  /** Safety rule 1.1: an answer of an older term says nothing of this one. */
  @Test
  void ignoresAnswersOfAnOlderTerm() {
    PaperNode node = new PaperNode(5, 1);
    node.campaign();
    long term = node.core().term();

    node.hear(2, term - 1, new RaftMessage.RequestVoteReply(true, standing(2)));
    node.hear(3, term - 1, new RaftMessage.RequestVoteReply(true, standing(3)));

    assertThat(node.role()).isEqualTo(NodeView.RoleName.CANDIDATE);
  }
}
