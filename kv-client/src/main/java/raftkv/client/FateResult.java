package raftkv.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of an earlier write.
 *
 * @param index log index at which it was applied; 0 unless it was
 * @param answer its stored answer: a {@link PutResult}, {@link DeleteResult} or {@link
 *     CompareAndSetResult}; null if it is not stored
 */
public record FateResult(Fate fate, long index, @Nullable Record answer, AnsweredBy by) {
  /** What is known. */
  public enum Fate {
    /** It took effect, or was refused by its condition. */
    APPLIED,
    /** Not so far; a copy may still be under way. */
    NOT_YET_APPLIED,
    /** Its number is sealed: it was not applied and never will be. */
    NOT_APPLIED,
    /** The session or the number is no longer remembered, or the session's start is missing. */
    EXPIRED
  }
}
