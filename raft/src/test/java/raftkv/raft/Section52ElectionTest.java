package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.id;
import static raftkv.raft.PaperNode.standing;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Raft §5.2, leader election. */
class Section52ElectionTest {
  /** "When servers start up, they begin as followers." */
  @Test
  void beginsAsFollower() {
    assertThat(new PaperNode(3, 1).role()).isEqualTo(NodeView.RoleName.FOLLOWER);
  }

  /** "It then votes for itself and issues RequestVote RPCs in parallel to each of the others." */
  @Test
  void candidateVotesForItselfAndAsksAllOthers() {
    PaperNode node = new PaperNode(5, 1);

    node.campaign();

    assertThat(node.view().votedFor()).isEqualTo(id(1));
    Set<NodeId> asked = new TreeSet<>();
    for (Envelope envelope : node.said()) {
      if (envelope.message() instanceof RaftMessage.RequestVote) {
        asked.add(envelope.to());
      }
    }
    assertThat(asked).containsExactly(id(2), id(3), id(4), id(5));
  }

  /** "A candidate wins an election if it receives votes from a majority of the servers." */
  @Test
  void winsWithAMajority() {
    PaperNode node = new PaperNode(5, 1);
    node.campaign();

    node.hearVote(2);
    assertThat(node.core().isLeader()).isFalse();

    node.hearVote(3);
    assertThat(node.core().isLeader()).isTrue();
  }

  /** "Each server will vote for at most one candidate in a given term", in messages: once each. */
  @Test
  void countsAVoterOnce() {
    PaperNode node = new PaperNode(5, 1);
    node.campaign();

    node.hearVote(2);
    node.hearVote(2);
    node.hearVote(2);

    assertThat(node.core().isLeader()).isFalse();
  }

  /**
   * A vote is repeated for a candidate that asks again; but not if it comes back with an empty log:
   * its vote was for what it had before its disk was wiped (safety rule 5.2).
   */
  @Test
  void repeatsAVoteOnlyIfItWouldGiveItAgain() {
    PaperNode node = new PaperNode(3, 1);
    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isTrue();

    node.hear(2, 5, new RaftMessage.RequestVote(LogPosition.ZERO, false));

    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isFalse();
  }

  /** "Each server will vote for at most one candidate in a given term, first-come-first-served." */
  @Test
  void votesOnceATerm() {
    PaperNode node = new PaperNode(3, 1);

    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isTrue();

    node.hear(3, 5, new RaftMessage.RequestVote(at(9, 4), false));
    assertThat(node.last(3, RaftMessage.RequestVoteReply.class).granted()).isFalse();

    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isTrue();
  }

  /** Figure 2: votedFor is persistent state. */
  @Test
  void remembersItsVoteOverARestart() {
    PaperNode node = new PaperNode(3, 1);
    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    node.restart();
    node.said();

    node.hear(3, 5, new RaftMessage.RequestVote(at(1, 1), false));

    assertThat(node.last(3, RaftMessage.RequestVoteReply.class).granted()).isFalse();
  }

  /** Figure 2: "Updated on stable storage before responding to RPCs", for a vote. */
  @Test
  void answersAVoteWhenItIsDurable() {
    PaperNode node = new PaperNode(3, 1);
    node.slowDisk();

    node.hear(2, 5, new RaftMessage.RequestVote(at(1, 1), false));
    assertThat(node.said()).isEmpty();

    node.diskDone();
    assertThat(node.last(2, RaftMessage.RequestVoteReply.class).granted()).isTrue();
  }

  /** Safety rule 1.1: the same for the vote that a candidate gives itself. */
  @Test
  void asksForVotesWhenItsOwnIsDurable() {
    PaperNode node = new PaperNode(3, 1);
    node.slowDisk();
    node.campaign();
    assertThat(node.said(2, RaftMessage.RequestVote.class)).isEmpty();

    node.diskDone();

    assertThat(node.said(2, RaftMessage.RequestVote.class)).isNotEmpty();
  }

  /** Safety rule 1.1: nor does it count its own vote before. */
  @Test
  void doesNotLeadBeforeItsOwnVoteIsDurable() {
    PaperNode node = new PaperNode(3, 1);
    node.slowDisk();
    node.campaign();

    node.hearVote(2);
    node.hearVote(3);
    assertThat(node.core().isLeader()).isFalse();

    node.diskDone();
    assertThat(node.core().isLeader()).isTrue();
  }

  /** "If the leader's term is at least as large, the candidate returns to follower state." */
  @Test
  void candidateRecognizesTheLeaderOfItsTerm() {
    PaperNode node = new PaperNode(3, 1);
    node.campaign();

    node.hearAppend(2, node.core().term(), at(1, 1), 1);

    assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    assertThat(node.view().leader()).isEqualTo(id(2));
    assertThat(node.view().votedFor()).isEqualTo(id(1));
  }

  /** "Otherwise the candidate rejects the RPC and continues in candidate state." */
  @Test
  void candidateRejectsAnOldLeader() {
    PaperNode node = new PaperNode(3, 1);
    node.campaign();

    node.hearAppend(2, node.core().term() - 1, at(1, 1), 1);

    assertThat(node.role()).isEqualTo(NodeView.RoleName.CANDIDATE);
  }

  /** "A leader sends periodic heartbeats to all followers in order to maintain its authority." */
  @Test
  void leaderSendsHeartbeats() {
    PaperNode node = new PaperNode(3, 1);
    node.lead();

    node.expire();

    assertThat(node.said(2, RaftMessage.AppendEntries.class)).hasSize(1);
    node.expire();
    assertThat(node.said(3, RaftMessage.AppendEntries.class)).hasSize(1);
  }

  /** "If a follower receives no communication over the election timeout, it begins an election." */
  @Test
  void heartbeatsKeepAFollowerFromCampaigning() {
    PaperNode node = new PaperNode(3, 1);
    for (int i = 0; i < 20; i++) {
      node.hearAppend(2, 1, at(1, 1), 1);
      node.pass(100);
      assertThat(node.role()).isEqualTo(NodeView.RoleName.FOLLOWER);
    }

    node.pass(350);
    node.pass(50);

    assertThat(node.role()).isEqualTo(NodeView.RoleName.PRE_CANDIDATE);
  }

  /** "Election timeouts are chosen randomly from a fixed interval (e.g., 150–300ms)." */
  @Test
  void drawsElectionTimeoutsFromTheWholeInterval() {
    RaftConfig config = RaftConfig.of(id(1), List.of(id(1), id(2)), new TestFormat(), Bytes.EMPTY);
    ElectionTimer timer = new ElectionTimer(config, new Xoshiro256(1), 0);
    Set<Long> tensOfMillis = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      timer.restart(0);
      assertThat(timer.timeoutNanos()).isBetween(150_000_000L, 300_000_000L);
      tensOfMillis.add(timer.timeoutNanos() / 10_000_000);
    }

    assertThat(tensOfMillis).hasSizeGreaterThanOrEqualTo(15);
  }

  /** Safety rule 5.3: the vote of an incarnation that the log does not name elects nobody. */
  @Test
  void doesNotCountTheVoteOfAWipedNode() {
    PaperNode node = new PaperNode(3, 1);
    node.campaign();

    node.hear(
        2,
        node.core().term(),
        new RaftMessage.RequestVoteReply(true, new Standing(new Incarnation(9, 9), true)));

    assertThat(node.core().isLeader()).isFalse();
    node.hear(3, node.core().term(), new RaftMessage.RequestVoteReply(true, standing(3)));
    assertThat(node.core().isLeader()).isTrue();
  }
}
