package raftkv.node;

/**
 * When a request is answered at the latest. The server answers a little before its caller stops
 * waiting, so that an outcome with details arrives instead of a bare transport error.
 */
public final class RequestDeadline {
  /** What a request without a deadline gets. */
  public static final long DEFAULT_NANOS = 10_000_000_000L;

  /** The longest that a request may wait. */
  public static final long MAX_NANOS = 60_000_000_000L;

  private static final long MARGIN_NANOS = 50_000_000L;

  private RequestDeadline() {}

  /**
   * The time at which to answer a caller who waits for {@code remainingNanos} more: min(50 ms, 10
   * %) earlier, and never after {@link #MAX_NANOS}.
   */
  public static long answerBy(long nowNanos, long remainingNanos) {
    return nowNanos + shortened(remainingNanos);
  }

  /** The same for a stream of requests, which may last as long as it wants. */
  public static long endOfStream(long nowNanos, long remainingNanos) {
    long remaining = Math.max(0, Math.min(remainingNanos, Long.MAX_VALUE / 4));
    return nowNanos + remaining - margin(remaining);
  }

  /** What is left of a remaining time for whoever is asked in turn (safety rule 3.4). */
  static long shortened(long remainingNanos) {
    long remaining = Math.max(0, Math.min(remainingNanos, MAX_NANOS));
    return remaining - margin(remaining);
  }

  private static long margin(long remaining) {
    return Math.min(MARGIN_NANOS, remaining / 10);
  }
}
