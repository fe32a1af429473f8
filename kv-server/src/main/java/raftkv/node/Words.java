package raftkv.node;

import java.util.List;
import java.util.Locale;
import raftkv.raft.NodeId;

/** Numbers and lists as people read them, the same in every locale. */
final class Words {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private Words() {}

  /** "2, 3". */
  static String list(List<NodeId> nodes) {
    StringBuilder text = new StringBuilder();
    for (NodeId node : nodes) {
      text.append(text.isEmpty() ? "" : ", ").append(node);
    }
    return text.toString();
  }

  /** "212 ms". */
  static String millis(long nanos) {
    return nanos / NANOS_PER_MILLI + " ms";
  }

  /** "0.21 s". */
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /** "12.3 MB", or "812 bytes". */
  static String bytes(long count) {
    return count < 100_000
        ? count(count) + " bytes"
        : String.format(Locale.ROOT, "%,.1f MB", count / 1e6);
  }

  /** "1,204". */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
