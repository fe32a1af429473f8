package raftkv.bench.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ours divided by theirs.
 *
 * @param ofMedians the median of all rounds of ours by that of theirs
 * @param inRounds the ratios within one round, of those in which both were measured; the ratio of
 *     medians where there is none
 */
record Ratio(double ofMedians, Spread inRounds) {
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
    double ratio = mine.median() / other.median();
    double[] inRounds =
        results.byRound(ours, field).entrySet().stream()
            .mapToDouble(round -> round.getValue() / others.getOrDefault(round.getKey(), 0.0))
            .filter(Double::isFinite)
            .toArray();
    return new Ratio(ratio, inRounds.length == 0 ? Spread.of(ratio) : Spread.of(inRounds));
  }
}
