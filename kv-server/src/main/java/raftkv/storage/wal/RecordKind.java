package raftkv.storage.wal;

import org.jspecify.annotations.Nullable;

/** What a record of the log is for. */
enum RecordKind {
  /** Entries, hard state, or both. */
  BATCH(1),
  /** Says that everything in front of it was forced; written twice. */
  MARKER(2),
  /** The segment's last record: the log continues in the next segment. */
  CLOSE(3);

  private static final RecordKind[] ALL = values();

  private final byte code;

  RecordKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static @Nullable RecordKind ofCode(byte code) {
    return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
  }
}
