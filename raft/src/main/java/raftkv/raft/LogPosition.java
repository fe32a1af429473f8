package raftkv.raft;

/**
 * A place in a log: an index (from 1; 0 is "before the first entry") and the term of the entry
 * there. Ordered as Raft §5.4.1 compares logs: by term first, then by index.
 */
public record LogPosition(long index, long term) {
  /** In front of the first entry of an empty log. */
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /** Checks the ranges. */
  public LogPosition {
    Check.that(index >= 0, "index is not negative");
    Check.that(term >= 0, "term is not negative");
  }

  /** Whether a log that ends here is at least as up to date as one that ends there (§5.4.1). */
  public boolean isAtLeastAsUpToDateAs(LogPosition other) {
    return term > other.term || (term == other.term && index >= other.index);
  }

  /** Whether this is {@link #ZERO}. */
  public boolean isZero() {
    return index == 0;
  }

  @Override
  public String toString() {
    return index + "@" + term;
  }
}
