package raftkv.raft;

/**
 * Up to which time a follower's applied state holds everything that was committed (decisions §5): a
 * heartbeat whose leaderCommit is applied vouches for the moment at which its leader was last known
 * to lead. Keeps the oldest heartbeat that is not applied yet, so that a steady stream of newer
 * ones cannot starve it.
 */
final class Freshness {
  private static final long UNKNOWN = -1;

  private long asOfNanos = UNKNOWN;
  private long waitingCommit;
  private long waitingNanos = UNKNOWN;

  long asOfNanos() {
    return asOfNanos;
  }

  void onHeartbeat(long leaderCommit, long vouchedNanos, long appliedIndex) {
    if (leaderCommit <= appliedIndex) {
      asOfNanos = Math.max(asOfNanos, vouchedNanos);
    } else if (waitingNanos == UNKNOWN) {
      waitingCommit = leaderCommit;
      waitingNanos = vouchedNanos;
    }
  }

  void onApplied(long appliedIndex) {
    if (waitingNanos != UNKNOWN && waitingCommit <= appliedIndex) {
      asOfNanos = Math.max(asOfNanos, waitingNanos);
      waitingNanos = UNKNOWN;
    }
  }
}
