package raftkv.client.session;

/**
 * The limits of a client's patience, in nanoseconds.
 *
 * @param silenceNanos without an answer for so long, another endpoint is asked who leads
 * @param questionGapNanos least time between two such questions of one client
 * @param minBackoffNanos first pause after all endpoints were tried
 * @param maxBackoffNanos longest pause
 * @param graceNanos how long after the deadline the last word of a copy is waited for: the call
 *     itself ends at the deadline, and only it can tell that nothing was sent
 * @param lastWordNanos after a refusal for good, how long the answers of other copies are waited
 *     for: only together can they say that nothing was applied
 * @param distrustNanos how long an endpoint that let a deadline pass without a word is not taken
 *     for the leader: until a dead connection has been found out
 * @param maxOutstandingCopies copies of one request without an answer at any time
 */
public record RetryPolicy(
    long silenceNanos,
    long questionGapNanos,
    long minBackoffNanos,
    long maxBackoffNanos,
    long graceNanos,
    long lastWordNanos,
    long distrustNanos,
    int maxOutstandingCopies) {
  private static final long MILLI = 1_000_000;

  /**
   * 150 ms of silence, 5 questions a second, pauses of 8 to 250 ms, 20 ms of grace, 1 s for last
   * words, 15 s of distrust, 8 copies.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          150 * MILLI,
          200 * MILLI,
          8 * MILLI,
          250 * MILLI,
          20 * MILLI,
          1_000 * MILLI,
          15_000 * MILLI,
          8);

  /** The pause before round n of retries (from 0), without jitter: doubled each time. */
  long backoffNanos(int round) {
    return Math.min(maxBackoffNanos, minBackoffNanos << Math.min(round, 16));
  }
}
