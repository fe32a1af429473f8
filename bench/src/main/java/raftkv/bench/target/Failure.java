package raftkv.bench.target;

/**
 * Why an operation was not done.
 *
 * @param effect what is known of a put
 * @param words fit for a report, the same for all failures of a kind
 */
public record Failure(Effect effect, String words) {
  /** Whether it may have taken effect all the same. */
  public enum Effect {
    /** Certainly not, now or later. */
    NONE,
    /** Nobody knows. */
    UNKNOWN
  }

  /** A failure that leaves the fate of a put open. */
  public static Failure unknown(String words) {
    return new Failure(Effect.UNKNOWN, words);
  }

  /** A failure of something that was certainly not applied. */
  public static Failure notApplied(String words) {
    return new Failure(Effect.NONE, words);
  }
}
