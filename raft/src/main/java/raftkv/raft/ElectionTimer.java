package raftkv.raft;

import java.util.random.RandomGenerator;

/**
 * A randomised election timeout (Raft §5.2), drawn anew at each restart. When it is looked at much
 * too late, the process itself was stopped: messages may still lie in socket buffers, so it gives
 * one grace before it acts (decisions §1).
 */
final class ElectionTimer {
  private static final long LATE_NANOS = 50_000_000;
  private static final long GRACE_NANOS = 20_000_000;
  private static final long SOON_NANOS = 4_000_000;

  private final RaftConfig config;
  private final RandomGenerator random;
  private long timeoutNanos;
  private long deadlineNanos;
  private long notBeforeNanos;
  private boolean graceGiven;

  ElectionTimer(RaftConfig config, RandomGenerator random, long nowNanos) {
    this.config = config;
    this.random = random;
    restart(nowNanos);
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Draws a new timeout that begins now. */
  void restart(long nowNanos) {
    timeoutNanos =
        Xoshiro256.between(
            random, config.elections().timeoutMinNanos(), config.elections().timeoutMaxNanos());
    deadlineNanos = nowNanos + timeoutNanos;
    notBeforeNanos = nowNanos;
    graceGiven = false;
  }

  /** Expires at that time, if it would not have expired before, and was not postponed. */
  void hurry(long atNanos) {
    deadlineNanos = Math.min(deadlineNanos, Math.max(atNanos, notBeforeNanos));
  }

  /** The same within a few milliseconds: others may hurry for the same reason. */
  void hurrySoon(long nowNanos) {
    hurry(nowNanos + Xoshiro256.between(random, 0, SOON_NANOS));
  }

  /** Does not expire before that time. */
  void postponeTo(long atNanos) {
    notBeforeNanos = atNanos;
    deadlineNanos = Math.max(deadlineNanos, atNanos);
  }

  /** Whether the time is over; gives the grace by answering no once. */
  boolean hasExpired(long nowNanos) {
    if (nowNanos < deadlineNanos) {
      return false;
    }
    if (nowNanos - deadlineNanos > LATE_NANOS && !graceGiven) {
      graceGiven = true;
      deadlineNanos = nowNanos + GRACE_NANOS;
      return false;
    }
    return true;
  }
}
