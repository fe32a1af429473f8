package raftkv.storage.wal;

import org.jspecify.annotations.Nullable;
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

  /** The numbers are those in the file. */
  enum Kind {
    NONE(0),
    CUT(1),
    RESET(2);

    private static final Kind[] ALL = values();

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    byte code() {
      return code;
    }

    static @Nullable Kind ofCode(byte code) {
      return code >= 0 && code < ALL.length ? ALL[code] : null;
    }
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
