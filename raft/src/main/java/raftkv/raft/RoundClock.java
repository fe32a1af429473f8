package raftkv.raft;

/**
 * When each recent round was sent. An echo proves contact at the time of sending, not of arrival:
 * acks from before a pause of this process may lie in its inbox (safety rule 2.1).
 */
final class RoundClock {
  private static final int REMEMBERED = 4_096;

  private final long[] sentNanos = new long[REMEMBERED];
  private long lastRound;

  /** Begins the next round. */
  long next(long nowNanos) {
    lastRound++;
    sentNanos[(int) (lastRound % REMEMBERED)] = nowNanos;
    return lastRound;
  }

  /** The number that {@link #next} would give. */
  long upcoming() {
    return lastRound + 1;
  }

  /** When that round was sent, or {@link Progress#NEVER} if that is long ago. */
  long sentNanos(long round) {
    boolean remembered = round > 0 && round <= lastRound && lastRound - round < REMEMBERED;
    return remembered ? sentNanos[(int) (round % REMEMBERED)] : Progress.NEVER;
  }
}
