package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that an operator would want to read in the log. Facts only; the runtime words them. */
public sealed interface Notice {
  /** No message from the leader for that long: a pre-vote begins. Leader null: none was known. */
  record ElectionTimeout(@Nullable NodeId leader, long silenceNanos, long timeoutNanos)
      implements Notice {}

  /** The connection to the leader broke: a pre-vote begins without waiting for the timeout. */
  record LeaderLinkLost(NodeId leader, long silenceNanos, long timeoutNanos) implements Notice {}

  /** A pre-vote began. */
  record BecamePreCandidate(long prospectiveTerm) implements Notice {}

  /** An election began. */
  record BecameCandidate(long term, boolean transfer) implements Notice {}

  /** Won the election of that term, with the votes of these nodes (this one included). */
  record BecameLeader(long term, List<NodeId> votes) implements Notice {}

  /** Follows that leader from now on. */
  record FollowsLeader(long term, NodeId leader) implements Notice {}

  /** Was leader or candidate and is no longer: saw that term from that node. */
  record SteppedDown(long term, NodeId seenFrom) implements Notice {}

  /** Was leader and is no longer: no majority has answered for that long. */
  record QuorumLost(long term, long silenceNanos) implements Notice {}

  /** Gave its vote to that candidate. */
  record VoteGranted(long term, NodeId candidate) implements Notice {}

  /** A leader's text differed from here on: the own log was cut. */
  record LogTruncated(long fromIndex, long lastIndexBefore) implements Notice {}

  /** A new cluster cannot form yet: these members have not answered. */
  record WaitingForMembers(List<NodeId> missing) implements Notice {}

  /** The log names another incarnation of this node (or none): it follows, and does not count. */
  record DoesNotCount(Incarnation own) implements Notice {}

  /** The log names this node's incarnation (again): it counts. */
  record Counts(Incarnation own) implements Notice {}

  /**
   * An older volume of this node was mounted again: the log names another incarnation since. It
   * goes on under a new one (safety rule 5.1).
   */
  record Superseded(Incarnation old, Incarnation drawn) implements Notice {}

  /** This leader asks the members to let that incarnation of a node count (safety rule 5.4). */
  record Admitting(NodeId node, Incarnation incarnation) implements Notice {}

  /**
   * So many members lost their data that no majority that counts can exist (safety rule 5.6): no
   * leader will ever be elected. These do not count, as far as was heard.
   */
  record MajorityLost(List<NodeId> lost) implements Notice {}

  /** The cluster's first entry is committed. */
  record ClusterFormed(ClusterId clusterId) implements Notice {}

  /** Leadership is being handed to that node. */
  record TransferStarted(NodeId target) implements Notice {}

  /** The target was asked to campaign. */
  record TransferSent(NodeId target) implements Notice {}

  /** The target did not take over in time: this leader goes on. */
  record TransferFailed(NodeId target) implements Notice {}
}
