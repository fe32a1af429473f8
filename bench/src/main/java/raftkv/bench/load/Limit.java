package raftkv.bench.load;

/**
 * When no more operations begin.
 *
 * @param operations at most so many
 * @param nanos at most so long
 */
public record Limit(long operations, long nanos) {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** So many, however long it takes. */
  public static Limit ofOperations(long operations) {
    return new Limit(operations, Long.MAX_VALUE);
  }

  /** So long, however many it takes. */
  public static Limit ofSeconds(double seconds) {
    return new Limit(Long.MAX_VALUE, (long) (seconds * SECOND_NANOS));
  }

  boolean isReached(long begun, long sinceNanos) {
    return begun >= operations || sinceNanos >= nanos;
  }
}
