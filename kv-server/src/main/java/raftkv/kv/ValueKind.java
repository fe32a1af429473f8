package raftkv.kv;

/** How a value was stored, so that it is given back the same way. Codes are part of the format. */
public enum ValueKind {
  /** Text in UTF-8. */
  TEXT(0),
  /** Any bytes. */
  BYTES(1);

  private final int code;

  ValueKind(int code) {
    this.code = code;
  }

  /** The number in files and messages. */
  int code() {
    return code;
  }

  /** The kind with that number. */
  static ValueKind ofCode(int code) {
    return switch (code) {
      case 0 -> TEXT;
      case 1 -> BYTES;
      default -> throw MalformedInput.because("unknown kind of value " + code);
    };
  }
}
