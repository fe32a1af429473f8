package raftkv.service;

/** A request that cannot be meant so: which field, and why, in one sentence. */
final class InvalidRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String field;

  InvalidRequest(String reason, String field, String sentence) {
    super(sentence, null, false, false);
    this.reason = reason;
    this.field = field;
  }

  /** Throws unless the condition holds. */
  static void unless(boolean holds, String reason, String field, String sentence) {
    if (!holds) {
      throw new InvalidRequest(reason, field, sentence);
    }
  }

  /** Numbers of the log are signed here: what a client sends beyond that was never one of them. */
  static void unlessNumber(long value, String field) {
    if (value < 0) {
      throw new InvalidRequest("NUMBER_OUT_OF_RANGE", field, field + " is out of range");
    }
  }

  String reason() {
    return reason;
  }

  String field() {
    return field;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
