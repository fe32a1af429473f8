package raftkv.raft;

/** Answer to {@link RaftNode#confirmRead}. */
public sealed interface ReadResult {
  /** A {@link ReadOutcome} will follow in some Ready. */
  record Queued() implements ReadResult {}

  /** This node neither leads nor knows who does. */
  record NoLeader() implements ReadResult {}
}
