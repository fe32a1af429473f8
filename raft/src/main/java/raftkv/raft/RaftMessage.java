package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other. The sender's term is in the {@link Envelope}. */
public sealed interface RaftMessage {

  /** Calls the handler's method for this kind of message. */
  void deliver(Handler handler, NodeId from, long term);

  /** One method for each kind of message: whoever adds a kind is told by the compiler. */
  interface Handler {
    /** {@link PreVote}. */
    void onPreVote(NodeId from, long term, PreVote message);

    /** {@link PreVoteReply}. */
    void onPreVoteReply(NodeId from, long term, PreVoteReply message);

    /** {@link RequestVote}. */
    void onRequestVote(NodeId from, long term, RequestVote message);

    /** {@link RequestVoteReply}. */
    void onRequestVoteReply(NodeId from, long term, RequestVoteReply message);

    /** {@link AppendEntries}. */
    void onAppendEntries(NodeId from, long term, AppendEntries message);

    /** {@link AppendEntriesReply}. */
    void onAppendEntriesReply(NodeId from, long term, AppendEntriesReply message);

    /** {@link TimeoutNow}. */
    void onTimeoutNow(NodeId from, long term, TimeoutNow message);

    /** {@link ReadIndex}. */
    void onReadIndex(NodeId from, long term, ReadIndex message);

    /** {@link ReadIndexReply}. */
    void onReadIndexReply(NodeId from, long term, ReadIndexReply message);
  }

  /**
   * "Would you vote for me?" (thesis §9.6) Changes nothing at the receiver.
   *
   * @param prospectiveTerm the term in which the sender would campaign
   * @param last the end of the sender's log
   */
  record PreVote(long prospectiveTerm, LogPosition last) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onPreVote(from, term, this);
    }
  }

  /**
   * Answer to {@link PreVote}.
   *
   * @param prospectiveTerm repeated from the question
   * @param granted whether the sender would vote so
   * @param leader the leader that the sender follows, or null
   */
  record PreVoteReply(
      long prospectiveTerm, boolean granted, @Nullable NodeId leader, Standing standing)
      implements RaftMessage {
    /** The same answer, with the standing that the sender has by now. */
    PreVoteReply as(Standing now) {
      return new PreVoteReply(prospectiveTerm, granted, leader, now);
    }

    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onPreVoteReply(from, term, this);
    }
  }

  /**
   * Raft §5.2.
   *
   * @param last the end of the sender's log (§5.4.1)
   * @param transfer the old leader asked for this election (thesis §3.10): overrides stickiness
   */
  record RequestVote(LogPosition last, boolean transfer) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onRequestVote(from, term, this);
    }
  }

  /** Answer to {@link RequestVote}; a grant is durable before it is sent. */
  record RequestVoteReply(boolean granted, Standing standing) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onRequestVoteReply(from, term, this);
    }
  }

  /**
   * Raft §5.3; without entries, a heartbeat.
   *
   * @param prev the position in front of the entries
   * @param entries contiguous, from prev.index + 1
   * @param leaderCommit the leader's commit index
   * @param round rises with each sending of this leader in this term (safety rule 2.1)
   * @param quorumContactAgeNanos how long ago a majority was known to follow this leader
   * @param answerMayWait until the entries are durable: no heartbeat and no read is in this round
   */
  record AppendEntries(
      LogPosition prev,
      List<LogEntry> entries,
      long leaderCommit,
      long round,
      long quorumContactAgeNanos,
      boolean answerMayWait)
      implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onAppendEntries(from, term, this);
    }
  }

  /**
   * Answer to all {@link AppendEntries} so far; computed when it is sent, never queued.
   *
   * @param matchIndex min(matched, durable), safety rule 1.3
   * @param round the highest round seen from this leader in this term
   * @param rejection why the newest append could not be taken, or null
   */
  record AppendEntriesReply(
      long matchIndex,
      long round,
      @Nullable Rejection rejection,
      Standing standing,
      Abilities abilities)
      implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onAppendEntriesReply(from, term, this);
    }
  }

  /**
   * The consistency check of §5.3 failed. With it the leader skips a whole term at a time.
   *
   * @param prevIndex the prev.index that was refused
   * @param conflict the first index of the term that stands at prevIndex, with that term; or, if
   *     the log is too short, the index behind its end with term 0
   */
  record Rejection(long prevIndex, LogPosition conflict) {}

  /**
   * "Campaign now" (thesis §3.10), obeyed only in the envelope's term by a voter whose log reaches
   * lastIndex.
   */
  record TimeoutNow(long lastIndex) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onTimeoutNow(from, term, this);
    }
  }

  /** A follower asks its leader for a read index; questions rise. */
  record ReadIndex(long question) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onReadIndex(from, term, this);
    }
  }

  /**
   * Answer to that and all earlier questions of the receiver.
   *
   * @param readIndex to be applied before the read is answered; 0 if refused, because the sender
   *     does not lead
   */
  record ReadIndexReply(long question, long readIndex) implements RaftMessage {
    @Override
    public void deliver(Handler handler, NodeId from, long term) {
      handler.onReadIndexReply(from, term, this);
    }
  }
}
