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
  /** The lines that carry a time; a stack trace has none. */
  static List<LogLine> parse(int node, List<String> lines, LogWords words) {
    List<LogLine> parsed = new ArrayList<>();
    for (String line : lines) {
      Matcher stamp = words.stamp().matcher(line);
      if (stamp.find()) {
        try {
          parsed.add(new LogLine(node, micros(Instant.parse(stamp.group(1))), line));
        } catch (DateTimeException ignored) {
          // It only looked like a time.
        }
      }
    }
    return parsed;
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
