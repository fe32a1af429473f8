package raftkv.raft;

/**
 * Up to which time a node's applied state holds everything that was committed (decisions §5): a
 * heartbeat whose leaderCommit is applied vouches for the moment at which its leader was last known
 * to lead; a leader takes its own contact with a majority. Keeps the oldest heartbeat that is not
 * applied yet, so that a steady stream of newer ones cannot starve it.
 *
 * <p>A leader that has committed nothing of its own term does not know yet what its predecessors
 * committed, so its commit index vouches for nothing: as with read indexes (safety rule 2.1).
 */
final class Freshness {
  private static final long UNKNOWN = -1;

  private final RaftLog log;
  private final long term;
  private long asOfNanos = UNKNOWN;
  private long waitingCommit;
  private long waitingNanos = UNKNOWN;

  /** Nothing is known yet of the leader of that term. */
  Freshness(RaftLog log, long term) {
    this.log = log;
    this.term = term;
  }

  long asOfNanos() {
    return asOfNanos;
  }

  void onHeartbeat(long leaderCommit, long vouchedNanos) {
    if (leaderCommit <= log.appliedIndex()) {
      take(leaderCommit, vouchedNanos);
    } else if (waitingNanos == UNKNOWN) {
      waitingCommit = leaderCommit;
      waitingNanos = vouchedNanos;
    }
  }

  void onApplied() {
    if (waitingNanos != UNKNOWN && waitingCommit <= log.appliedIndex()) {
      take(waitingCommit, waitingNanos);
      waitingNanos = UNKNOWN;
    }
  }

  private void take(long leaderCommit, long vouchedNanos) {
    boolean inLog = leaderCommit >= log.base().index() && leaderCommit <= log.lastIndex();
    if (inLog && log.termAt(leaderCommit) == term) {
      asOfNanos = Math.max(asOfNanos, vouchedNanos);
    }
  }
}
