package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Thesis §6.2: a leader steps down if an election timeout elapses without a majority. */
class Thesis62CheckQuorumTest {
  private static PaperNode leader() {
    PaperNode node = new PaperNode(5, 1);
    node.lead();
    return node;
  }

  /** "A leader steps down if an election timeout elapses without a successful round." */
  @Test
  void stepsDownWithoutAMajority() {
    PaperNode node = leader();
    for (int i = 0; i < 6; i++) {
      node.pass(60);
      node.hearAck(2, 1, i + 1);
    }

    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    assertThat(node.core().term()).isEqualTo(2);
  }

  @Test
  void goesOnAsLongAsAMajorityAnswers() {
    PaperNode node = leader();
    for (int i = 0; i < 20; i++) {
      node.pass(60);
      long round = node.last(2, RaftMessage.AppendEntries.class).round();
      node.hearAck(2, 1, round);
      node.hearAck(3, 1, round);
    }

    assertThat(node.core().isLeader()).isTrue();
  }

  /** Old echoes that lay in an inbox prove contact at the time of their round, not of arrival. */
  @Test
  void isNotKeptAliveByEchoesOfOldRounds() {
    PaperNode node = leader();
    for (int i = 0; i < 7; i++) {
      node.pass(60);
      node.hearAck(2, 1, 1);
      node.hearAck(3, 1, 1);
    }

    assertThat(node.core().isLeader()).isFalse();
  }

  /** Safety rule 2.2: who does not count keeps no leader alive. */
  @Test
  void isNotKeptAliveByWipedNodes() {
    PaperNode node = leader();
    Standing wiped = new Standing(new Incarnation(9, 9), true);
    for (int i = 0; i < 7; i++) {
      node.pass(60);
      for (int peer = 2; peer <= 5 && node.core().isLeader(); peer++) {
        node.hear(
            peer, 2, new RaftMessage.AppendEntriesReply(1, i + 1, null, wiped, Abilities.ALL));
      }
    }

    assertThat(node.core().isLeader()).isFalse();
  }

  /** Hazard 4: stepping down in the same term does not free the vote. */
  @Test
  void keepsItsVoteWhenItStepsDown() {
    PaperNode node = leader();
    node.pass(360);

    assertThat(node.core().isLeader()).isFalse();
    assertThat(node.view().votedFor()).isEqualTo(PaperNode.id(1));
  }
}
