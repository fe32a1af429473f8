package raftkv.storage.snapshot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import raftkv.raft.LogPosition;
import raftkv.storage.disk.DataDirectory;

/** How snapshot files are called: by term and index, so that no two are called the same. */
final class SnapshotNames {
  private static final String SUFFIX = ".snap";
  private static final Pattern NAME =
      Pattern.compile(
          Pattern.quote(DataDirectory.SNAPSHOT_PREFIX)
              + "([0-9]{10,18})-([0-9]{19})"
              + Pattern.quote(SUFFIX));

  private SnapshotNames() {}

  static String of(LogPosition last) {
    return DataDirectory.SNAPSHOT_PREFIX
        + padded(last.term(), 10)
        + "-"
        + padded(last.index(), 19)
        + SUFFIX;
  }

  /** While it is written from the own state. */
  static String beingSaved(LogPosition last) {
    return of(last) + ".saved" + DataDirectory.UNFINISHED_SUFFIX;
  }

  /** While it arrives from a peer. */
  static String arriving(LogPosition last) {
    return of(last) + ".received" + DataDirectory.UNFINISHED_SUFFIX;
  }

  /** What the name says, or null if it is not a snapshot's. */
  static @Nullable LogPosition position(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    try {
      return new LogPosition(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(1)));
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /** Whether a crash has left it: it counts for nothing. */
  static boolean isUnfinished(String name) {
    return name.startsWith(DataDirectory.SNAPSHOT_PREFIX)
        && name.endsWith(DataDirectory.UNFINISHED_SUFFIX);
  }

  private static String padded(long number, int digits) {
    String text = Long.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
