package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * What a node is in its term. Holds only what that role needs, so that a leader's fields cannot
 * exist on a follower; changing role is {@link RaftNode}'s work alone.
 *
 * <pre>
 *   from                  on                                          to
 *   Follower              timeout, or link to the leader lost         Candidate, PRE_VOTE
 *   Follower              TimeoutNow                                  Candidate, VOTE
 *   Candidate, PRE_VOTE   a majority would elect                      Candidate, VOTE
 *   Candidate, PRE_VOTE   a majority refuses, or a better one asks    Follower
 *   Candidate             timeout                                     Candidate, PRE_VOTE
 *   Candidate, VOTE       a majority elects                           Leader
 *   Leader                no majority answers                         Follower
 *   any                   higher term, or a leader of this term       Follower
 * </pre>
 */
abstract sealed class Role permits Follower, Candidate, Leader {
  final RaftNode node;

  Role(RaftNode node) {
    this.node = node;
  }

  abstract NodeView.RoleName name();

  /** The leader of the current term, as far as this role knows. */
  abstract @Nullable NodeId leader();

  /** Whether a live leader is known, so that no one else is helped to campaign (thesis §4.2.3). */
  abstract boolean isSticky();

  /** When {@link #expireTimers} has something to do next. */
  abstract long nextDeadlineNanos();

  abstract void expireTimers();

  abstract void onPreVoteReply(NodeId from, RaftMessage.PreVoteReply reply);

  abstract void onRequestVoteReply(NodeId from, RaftMessage.RequestVoteReply reply);

  abstract void onAppendEntriesReply(NodeId from, RaftMessage.AppendEntriesReply reply);

  abstract void onTimeoutNow(NodeId from, RaftMessage.TimeoutNow message);

  abstract void onReadIndex(NodeId from, RaftMessage.ReadIndex message);

  abstract void onReadIndexReply(NodeId from, RaftMessage.ReadIndexReply reply);

  abstract void onLinkLost(NodeId peer);

  /** More is on disk than before. */
  abstract void onPersisted();

  /** The state machine has got further. */
  abstract void onApplied();

  abstract ProposeResult propose(Bytes command, Room room);

  abstract ReadResult confirmRead(long readId);

  abstract TransferResult transferTo(@Nullable NodeId target);

  /** The role ends: whatever waits in it has to be settled. */
  abstract void onEnd();

  /** Says what is to be said; the current term is durable. */
  abstract void emit(Outbox out);
}
