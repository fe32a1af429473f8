package raftkv.raft;

/** What became of a read that {@link RaftNode#confirmRead} queued. */
public sealed interface ReadOutcome {
  /** The number given to {@link RaftNode#confirmRead}. */
  long readId();

  /** The read may be answered from any state that has applied {@code readIndex}. */
  record Confirmed(long readId, long readIndex) implements ReadOutcome {}

  /** Leadership moved before the read was confirmed: ask again. */
  record Abandoned(long readId) implements ReadOutcome {}
}
