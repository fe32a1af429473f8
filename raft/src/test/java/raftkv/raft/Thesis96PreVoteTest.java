package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.id;
import static raftkv.raft.PaperNode.standing;

import org.junit.jupiter.api.Test;

/** Thesis §9.6, preventing disruptions when a server rejoins; and §4.2.3, disruptive servers. */
class Thesis96PreVoteTest {
  private static void preVote(PaperNode node, int from, long prospective, LogPosition last) {
    node.hear(from, prospective - 1, new RaftMessage.PreVote(prospective, last));
  }

  private static boolean isGranted(PaperNode node, int from) {
    return node.last(from, RaftMessage.PreVoteReply.class).granted();
  }

  /** "A candidate only increments its term if it first learns that it could win." */
  @Test
  void raisesNoTermBeforeAMajorityWouldVote() {
    PaperNode node = new PaperNode(5, 1);
    while (node.role() != NodeView.RoleName.PRE_CANDIDATE) {
      node.expire();
    }
    node.hear(2, 1, new RaftMessage.PreVoteReply(2, true, null, standing(2)));
    node.hear(2, 1, new RaftMessage.PreVoteReply(2, true, null, standing(2)));
    assertThat(node.core().term()).isEqualTo(1);

    node.hear(3, 1, new RaftMessage.PreVoteReply(2, true, null, standing(3)));

    assertThat(node.core().term()).isEqualTo(2);
    assertThat(node.role()).isEqualTo(NodeView.RoleName.CANDIDATE);
  }

  /** Hazard 5: a pre-vote is not a vote, and an answer to another round's is none at all. */
  @Test
  void doesNotTakeAPreVoteForAVote() {
    PaperNode node = new PaperNode(3, 1);
    node.campaign();

    node.hear(2, 2, new RaftMessage.PreVoteReply(2, true, null, standing(2)));
    node.hear(3, 2, new RaftMessage.PreVoteReply(3, true, null, standing(3)));

    assertThat(node.core().isLeader()).isFalse();
  }

  /** Safety rule 1.1: a pre-vote changes nothing at its receiver. */
  @Test
  void changesNothingWhereItIsAsked() {
    PaperNode node = new PaperNode(3, 1);

    preVote(node, 2, 9, at(5, 5));

    assertThat(isGranted(node, 2)).isTrue();
    assertThat(node.core().term()).isEqualTo(1);
    assertThat(node.view().votedFor()).isNull();
  }

  /** The election restriction holds for it, too. */
  @Test
  void isRefusedToAWorseLog() {
    PaperNode node = new PaperNode(3, 1, 2, 2);

    preVote(node, 2, 9, at(2, 2));

    assertThat(isGranted(node, 2)).isFalse();
  }

  /** Hazard 8: a refusal carries the refuser's term, so that the asker can do better. */
  @Test
  void isRefusedToAnOldTermWithTheNewOne() {
    PaperNode node = new PaperNode(3, 1, 6);

    preVote(node, 2, 6, at(9, 6));

    assertThat(node.said().get(0).term()).isEqualTo(6);
  }

  /** §4.2.3: "If a server hears from a current leader, it does not grant its vote." */
  @Test
  void isRefusedWhileALeaderIsHeard() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(3, 1, at(1, 1), 1);

    preVote(node, 2, 2, at(9, 1));
    assertThat(isGranted(node, 2)).isFalse();

    node.pass(149);
    preVote(node, 2, 2, at(9, 1));
    assertThat(isGranted(node, 2)).isFalse();
  }

  /** §4.2.3: "...within the minimum election timeout": afterwards it does. */
  @Test
  void isGrantedWhenTheLeaderIsSilent() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(3, 1, at(1, 1), 1);
    node.pass(150);

    preVote(node, 2, 2, at(9, 1));

    assertThat(isGranted(node, 2)).isTrue();
  }

  /** §4.2.3: a vote request within that time "does not update its term or grant its vote". */
  @Test
  void doesNotTakeOverTheTermOfADisruptiveServer() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(3, 1, at(1, 1), 1);

    node.hear(2, 9, new RaftMessage.RequestVote(at(9, 8), false));

    assertThat(node.core().term()).isEqualTo(1);
    assertThat(node.view().leader()).isEqualTo(id(3));
  }

  /** Decisions §2: a broken link ends the stickiness to that leader. */
  @Test
  void isGrantedWhenTheLinkToTheLeaderBroke() {
    PaperNode node = new PaperNode(3, 1);
    node.hearAppend(3, 1, at(1, 1), 1);
    node.core().linkLost(id(3));

    preVote(node, 2, 2, at(9, 1));

    assertThat(isGranted(node, 2)).isTrue();
  }
}
