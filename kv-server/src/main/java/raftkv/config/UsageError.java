package raftkv.config;

/** Options are unknown or contradict each other; the message is the one sentence for the user. */
public final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageError(String sentence) {
    super(sentence, null, false, false);
  }

  /** The sentence, which is always there. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
