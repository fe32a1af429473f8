package raftkv.client.session;

/** Rations the question "who leads?" of one client, however many of its requests are waiting. */
public final class Questions {
  private final long gapNanos;
  private long nextNanos;
  private boolean asked;

  /** At most one question in the policy's gap. */
  public Questions(RetryPolicy policy) {
    this.gapNanos = policy.questionGapNanos();
  }

  /** Whether a question may be asked now; if so, it counts as asked. */
  public boolean mayAsk(long nowNanos) {
    if (asked && nowNanos - nextNanos < 0) {
      return false;
    }
    asked = true;
    nextNanos = nowNanos + gapNanos;
    return true;
  }
}
