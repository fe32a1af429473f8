package raftkv.raft;

/**
 * One entry of the log. Its encoded form is made once, by the {@link EntryFormat} of whoever
 * created it, and travels unchanged into the write-ahead log and to every peer.
 *
 * @param index from 1
 * @param term the term of the leader that created it, from 1
 * @param kind what it is for
 * @param encoded the whole entry as it is stored and sent
 * @param bodyOffset where in {@code encoded} the body begins
 */
public record LogEntry(long index, long term, EntryKind kind, Bytes encoded, int bodyOffset) {
  /** Checks the ranges. */
  public LogEntry {
    Check.that(index >= 1, "entry index is positive");
    Check.that(term >= 1, "entry term is positive");
  }

  /** What the entry says: for the state machine, or one of {@link Settings}, {@link Admission}. */
  public Bytes body() {
    return encoded.from(bodyOffset);
  }

  /** Size of the encoded form. */
  public int sizeBytes() {
    return encoded.length();
  }

  /** Where the entry stands. */
  public LogPosition position() {
    return new LogPosition(index, term);
  }

  @Override
  public String toString() {
    return index + "@" + term + " " + kind;
  }
}
