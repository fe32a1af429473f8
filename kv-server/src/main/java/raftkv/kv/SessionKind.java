package raftkv.kv;

/** How a session numbers its requests (safety rule 4.2). Codes are part of the format. */
public enum SessionKind {
  /** Opened by a cancel: the first write decides, or the first cancel with an ack_seq. */
  UNDECIDED(0),
  /** One request at a time, rising numbers. */
  SIMPLE(1),
  /** Any order within a window above the floor. */
  WINDOWED(2);

  private final int code;

  SessionKind(int code) {
    this.code = code;
  }

  /** The number in files and messages. */
  int code() {
    return code;
  }

  /** The kind with that number. */
  static SessionKind ofCode(int code) {
    return switch (code) {
      case 0 -> UNDECIDED;
      case 1 -> SIMPLE;
      case 2 -> WINDOWED;
      default -> throw MalformedInput.because("unknown kind of session " + code);
    };
  }
}
