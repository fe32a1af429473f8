package raftkv.simulation.planted;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a planted bug.
 *
 * @param seeds how many were run
 * @param failure of the last of them: checker and what it saw; null if the bug survived
 */
record Finding(Bug bug, long seeds, double seconds, @Nullable String failure) {
  boolean isCaught() {
    return failure != null;
  }

  /** Which checker saw it. */
  String checker() {
    String saw = failure;
    if (saw == null) {
      return "none";
    }
    int colon = saw.indexOf(": ");
    return colon < 0 ? saw : saw.substring(0, colon);
  }

  boolean isByExpectedChecker() {
    return isCaught() && (bug.checkers().isEmpty() || bug.checkers().contains(checker()));
  }

  /** Whether the simulator is weaker than it should be. */
  boolean isMissed() {
    return !isCaught() && bug.open().isEmpty() && bug.breaks() == Bug.Breaks.SAFETY;
  }

  /** A line for somebody who watches. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-8s %-40s %3d seeds %5.1f s  %s",
        isCaught() ? "caught" : isMissed() ? "SURVIVED" : "open",
        bug.name(),
        seeds,
        seconds,
        failure == null ? bug.open() : firstLine(failure));
  }

  private static String firstLine(String text) {
    return text.lines()
        .findFirst()
        .orElse("")
        .transform(line -> line.substring(0, Math.min(line.length(), 120)));
  }

  /** A row of the table in docs/testing.md. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s |",
        bug.name(),
        bug.words(),
        bug.rule(),
        isCaught() ? Long.toString(seeds) : "more than " + seeds,
        isCaught() ? checker() : "open: " + bug.open());
  }
}
