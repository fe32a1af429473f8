package raftkv.node;

/**
 * Notices that this process stood still, as after SIGSTOP. The heartbeats that it hears right after
 * that may have lain in buffers ever since: they say nothing of how fresh its state is now, only of
 * the moment at which it fell asleep. Owned by the loop.
 */
final class Standstills {
  /** Turns of a node that follows or leads are not so far apart: heartbeats come more often. */
  private static final long STANDSTILL_NANOS = 100_000_000L;

  /** How long it may take to read all buffers empty. */
  private static final long GRACE_NANOS = 20_000_000L;

  private long lastTurnNanos = Long.MAX_VALUE;
  private long fellAsleepNanos;
  private long doubtUntilNanos = Long.MIN_VALUE;

  /** Once a turn, when it begins. */
  void onTurn(long nowNanos) {
    if (nowNanos - STANDSTILL_NANOS > lastTurnNanos) {
      boolean inDoubt = lastTurnNanos <= doubtUntilNanos;
      fellAsleepNanos = inDoubt ? fellAsleepNanos : lastTurnNanos;
      doubtUntilNanos = nowNanos + GRACE_NANOS;
    }
    lastTurnNanos = nowNanos;
  }

  /** As of when the state is fresh for sure, if the core takes it for fresh as of then. */
  long certain(long freshAsOfNanos) {
    return freshAsOfNanos <= doubtUntilNanos
        ? Math.min(freshAsOfNanos, fellAsleepNanos)
        : freshAsOfNanos;
  }
}
