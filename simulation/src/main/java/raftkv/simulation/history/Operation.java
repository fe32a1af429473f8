package raftkv.simulation.history;

/**
 * One call and its answer. A write that was certainly not applied is no operation: it belongs in no
 * history, so that a read which sees its value is found to have it out of nowhere.
 *
 * @param client who called
 * @param invokedNanos when it was sent
 * @param returnedNanos when the answer was there; {@link #NEVER} if it is unknown
 */
public record Operation(
    int client, Call call, Answer answer, long invokedNanos, long returnedNanos) {
  /** Later than everything. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Refuses what no client could have seen. */
  public Operation {
    if (returnedNanos < invokedNanos) {
      throw new IllegalArgumentException("answered before it was asked: " + call);
    }
    if (answer instanceof Answer.Unknown != (returnedNanos == NEVER)) {
      throw new IllegalArgumentException(
          "an unknown answer, and only that, never arrives: " + call);
    }
  }

  /** An operation whose fate nobody knows. */
  public static Operation unknown(int client, Call call, long invokedNanos) {
    return new Operation(client, call, new Answer.Unknown(), invokedNanos, NEVER);
  }

  boolean isUnknown() {
    return returnedNanos == NEVER;
  }

  @Override
  public String toString() {
    String end = isUnknown() ? "..." : Long.toString(returnedNanos);
    return "client " + client + " [" + invokedNanos + ", " + end + "] " + call + " -> " + answer;
  }
}
