package raftkv.raft;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks out for a cluster that has lost the data of a majority (safety rule 5.6): no leader will be
 * elected, however long everybody waits, and somebody has to be told.
 *
 * <p>The evidence is what was heard since there was a leader: a member does not count if it answers
 * as an incarnation that the own log does not name, or asks or votes as one with an empty log does
 * while there is a cluster. It has to stand for some timeouts, since a first leader that crashed
 * looks alike for a moment.
 */
final class MajorityWatch {
  private static final int PATIENCE_TIMEOUTS = 4;

  private final RaftNode node;
  private final SortedSet<NodeId> lost = new TreeSet<>();
  private boolean clusterWasSeen;
  private int timeouts;

  MajorityWatch(RaftNode node) {
    this.node = node;
  }

  /** There is a leader: whatever was heard before is out of date. */
  void onLeader() {
    lost.clear();
    clusterWasSeen = false;
    timeouts = 0;
  }

  /** Asked for a vote or pre-vote: whoever has a log and campaigns does count by it. */
  void onAsked(NodeId from, LogPosition last) {
    if (last.isZero()) {
      lost.add(from);
    } else {
      lost.remove(from);
      clusterWasSeen = true;
    }
  }

  /** Answered with that standing. One that is admitted may count by a log that is longer. */
  void onAnswer(NodeId from, Standing standing) {
    Electorate electorate = node.stable().electorate();
    if (electorate.roster() == null) {
      return;
    }
    if (electorate.counts(from, standing) || standing.admitted()) {
      lost.remove(from);
    } else {
      lost.add(from);
    }
  }

  /** Answered a pre-vote of this node, which knows no cluster: only its like grant it. */
  void onAnswerToBlank(NodeId from, RaftMessage.PreVoteReply reply) {
    if (reply.granted()) {
      lost.add(from);
    } else if (reply.leader() == null) {
      lost.remove(from);
      clusterWasSeen = true;
    }
  }

  /** An election timeout without a leader has passed; says so if it is hopeless. */
  void onTimeout() {
    timeouts = isMajorityLost() ? timeouts + 1 : 0;
    if (isHopeless()) {
      node.notice(new Notice.MajorityLost(List.copyOf(notCounting())));
    }
  }

  /** Whether the evidence has stood long enough. */
  boolean isHopeless() {
    return timeouts >= PATIENCE_TIMEOUTS;
  }

  private boolean isMajorityLost() {
    Electorate electorate = node.stable().electorate();
    int members = electorate.members().size();
    boolean clusterExists = electorate.roster() != null || clusterWasSeen;
    return clusterExists && members - notCounting().size() < Quorum.majorityOf(members);
  }

  private SortedSet<NodeId> notCounting() {
    SortedSet<NodeId> all = new TreeSet<>(lost);
    if (!node.stable().selfCounts()) {
      all.add(node.self());
    }
    return all;
  }
}
