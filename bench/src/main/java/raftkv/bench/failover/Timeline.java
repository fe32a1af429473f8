package raftkv.bench.failover;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When what happened after the leader was struck, in milliseconds from then; -1 where the logs do
 * not say. Rounds that came to nothing belong to the detection: the later times are the winner's.
 *
 * @param suspected first node that gave the leader up
 * @param started pre-vote of the winner begins
 * @param candidate the winner asks for votes
 * @param elected it leads
 * @param elections candidacies of all nodes
 */
record Timeline(double suspected, double started, double candidate, double elected, int elections) {
  private static final double MICROS_PER_MILLI = 1_000;

  /** Reads it from the logs of all nodes but the one that was struck. */
  static Timeline of(List<LogLine> lines, LogWords words, long struckMicros) {
    List<LogLine> after =
        lines.stream()
            .filter(line -> line.at() >= struckMicros)
            .sorted(Comparator.comparingLong(LogLine::at))
            .toList();
    LogLine elected = first(after, words.elected());
    if (elected == null) {
      return new Timeline(since(first(after, words.suspects()), struckMicros), -1, -1, -1, 0);
    }
    List<LogLine> before = after.stream().filter(line -> line.at() <= elected.at()).toList();
    List<LogLine> winners = before.stream().filter(line -> line.node() == elected.node()).toList();
    LogLine candidate = last(winners, words.candidate());
    return new Timeline(
        since(first(before, words.suspects()), struckMicros),
        since(last(winners, words.suspects()), struckMicros),
        since(candidate, struckMicros),
        since(elected, struckMicros),
        (int) before.stream().filter(line -> matches(line, words.candidate())).count());
  }

  private static double since(@Nullable LogLine line, long struckMicros) {
    return line == null ? -1 : (line.at() - struckMicros) / MICROS_PER_MILLI;
  }

  private static @Nullable LogLine first(List<LogLine> lines, Pattern pattern) {
    return lines.stream().filter(line -> matches(line, pattern)).findFirst().orElse(null);
  }

  private static @Nullable LogLine last(List<LogLine> lines, Pattern pattern) {
    return lines.stream()
        .filter(line -> matches(line, pattern))
        .reduce((earlier, later) -> later)
        .orElse(null);
  }

  private static boolean matches(LogLine line, Pattern pattern) {
    return pattern.matcher(line.text()).find();
  }
}
