package raftkv.raft;

/** Fixed-width hexadecimal text for ids. */
final class Hex {
  private Hex() {}

  /** Sixteen lower-case digits. */
  static String of(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
