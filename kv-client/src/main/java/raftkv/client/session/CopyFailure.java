package raftkv.client.session;

/**
 * How one copy of a request ended without an answer.
 *
 * @param reason from the error table, or one of this record's own
 * @param outcome of this copy alone
 * @param recovery what may help
 * @param retryAfterNanos how long the node asked to wait; 0 if it did not say
 * @param index what a node said along with it: the current index for SESSION_EXPIRED; else 0
 * @param text for people: what happened
 */
public record CopyFailure(
    String reason,
    Outcome outcome,
    Recovery recovery,
    long retryAfterNanos,
    long index,
    String text) {
  /** Nothing listens there, or the connection did not come about: nothing was sent. */
  public static final String NOT_CONNECTED = "NOT_CONNECTED";

  /** The connection or the node ended before it answered. */
  public static final String NO_ANSWER = "NO_ANSWER";

  /** A node's refusal, as its error details say. */
  public static CopyFailure refused(String reason, Outcome outcome, String text) {
    return new CopyFailure(reason, outcome, Recovery.of(reason), 0, 0, text);
  }

  /** It never left this process: no copy exists. */
  public static CopyFailure notSent(String text) {
    return new CopyFailure(NOT_CONNECTED, Outcome.NOT_APPLIED, Recovery.ELSEWHERE, 0, 0, text);
  }

  /** A transport error without details is always unknown (safety rule 3.4). */
  public static CopyFailure lost(String text) {
    return new CopyFailure(NO_ANSWER, Outcome.UNKNOWN, Recovery.ELSEWHERE, 0, 0, text);
  }

  /** The same, with what the node asked for. */
  public CopyFailure withRetryAfterNanos(long nanos) {
    return new CopyFailure(reason, outcome, recovery, nanos, index, text);
  }

  /** The same, with an index from the details. */
  public CopyFailure withIndex(long said) {
    return new CopyFailure(reason, outcome, recovery, retryAfterNanos, said, text);
  }

  /** Whether the node could not be reached, or was lost while it worked. */
  boolean isBrokenLink() {
    return reason.equals(NOT_CONNECTED) || reason.equals(NO_ANSWER);
  }

  /** Whether this outcome speaks of all copies, because the number is sealed (safety rule 4.6). */
  boolean isSealed() {
    return reason.equals("CANCELLED_BY_CLIENT");
  }
}
