package raftkv.kv;

import org.jspecify.annotations.Nullable;

/**
 * What the replicated state knows of a request (safety rule 4.6).
 *
 * @param kind what became of it
 * @param index log index at which it was applied; 0 unless APPLIED
 * @param answer the first answer; null unless APPLIED and still stored
 */
public record RequestOutcome(Kind kind, long index, KvAnswer.@Nullable Result answer) {
  /** The four things that can be said. */
  public enum Kind {
    /** It took effect, or its condition did not hold: a definite result either way. */
    APPLIED,
    /** Not so far; a copy may still be under way. */
    NOT_YET_APPLIED,
    /** Sealed: it was not applied and never will be. */
    NOT_APPLIED,
    /** The session or the number is not remembered. */
    EXPIRED
  }

  /** Checks that index and answer fit the kind. */
  public RequestOutcome {
    boolean applied = kind == Kind.APPLIED;
    MalformedInput.unless(applied == (index > 0), "index does not fit the outcome");
    MalformedInput.unless(applied || answer == null, "answer does not fit the outcome");
  }

  /** An outcome without index and answer. */
  static RequestOutcome of(Kind kind) {
    return new RequestOutcome(kind, 0, null);
  }
}
