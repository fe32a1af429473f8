package raftkv.storage.wal;

import raftkv.raft.LogPosition;

/**
 * What a batch does to the log in front of its entries.
 *
 * @param kind what it does
 * @param position for a cut, the index from which on everything is superseded, with term 0; for a
 *     reset, the new base; otherwise zero
 */
record LogChange(Kind kind, LogPosition position) {
  static final LogChange NONE = new LogChange(Kind.NONE, LogPosition.ZERO);

  /** The code in the file is the place in this list. */
  enum Kind {
    NONE,
    CUT,
    RESET
  }

  static LogChange cutAt(long index) {
    return new LogChange(Kind.CUT, new LogPosition(index, 0));
  }

  static LogChange resetTo(LogPosition base) {
    return new LogChange(Kind.RESET, base);
  }

  boolean isNone() {
    return kind == Kind.NONE;
  }
}
