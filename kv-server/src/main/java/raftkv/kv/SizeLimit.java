package raftkv.kv;

/** Which size is limited. Codes are part of the format. */
public enum SizeLimit {
  /** Bytes of a key. */
  KEY(1),
  /** Bytes of a value. */
  VALUE(2);

  private final int code;

  SizeLimit(int code) {
    this.code = code;
  }

  /** The number in files and messages. */
  int code() {
    return code;
  }

  /** The limit with that number. */
  static SizeLimit ofCode(int code) {
    return switch (code) {
      case 1 -> KEY;
      case 2 -> VALUE;
      default -> throw MalformedInput.because("unknown limit " + code);
    };
  }
}
