package raftkv.bench.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ours divided by theirs.
 *
 * @param ofMedians the median of all rounds of ours by that of theirs
 * @param least the least of the ratios within one round
 * @param most the most of them
 */
record Ratio(double ofMedians, double least, double most) {
  /** Of a field in two cells; null if one of them was not measured. */
  static @Nullable Ratio of(
      Results results, @Nullable Cell ours, @Nullable Cell theirs, String field) {
    if (ours == null || theirs == null) {
      return null;
    }
    Spread mine = results.spread(ours, field);
    Spread other = results.spread(theirs, field);
    if (mine == null || other == null || other.median() == 0) {
      return null;
    }
    Map<String, Double> others = results.byRound(theirs, field);
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Map.Entry<String, Double> round : results.byRound(ours, field).entrySet()) {
      Double same = others.get(round.getKey());
      if (same != null && same > 0) {
        least = Math.min(least, round.getValue() / same);
        most = Math.max(most, round.getValue() / same);
      }
    }
    double ratio = mine.median() / other.median();
    return most == 0 ? new Ratio(ratio, ratio, ratio) : new Ratio(ratio, least, most);
  }
}
