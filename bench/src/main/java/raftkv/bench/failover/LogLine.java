package raftkv.bench.failover;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * A line of a node's log.
 *
 * @param node whose
 * @param at in microseconds since 1970
 */
record LogLine(int node, long at, String text) {
  /**
   * The lines that carry a time; a stack trace has none.
   *
   * @throws IllegalArgumentException if a time cannot be read: then {@code words} are wrong, and
   *     the line would be missing in what is made of the log
   */
  static List<LogLine> parse(int node, List<String> lines, LogWords words) {
    List<LogLine> parsed = new ArrayList<>();
    for (String line : lines) {
      Matcher stamp = words.stamp().matcher(line);
      if (stamp.find()) {
        parsed.add(new LogLine(node, microsOf(node, line, stamp.group(1)), line));
      }
    }
    return parsed;
  }

  private static long microsOf(int node, String line, String stamp) {
    try {
      return micros(Instant.parse(stamp));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("node " + node + ": no time: " + line, e);
    }
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
