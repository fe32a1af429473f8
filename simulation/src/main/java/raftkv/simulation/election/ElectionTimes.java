package raftkv.simulation.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The outcomes of one setting, in milliseconds, the shortest first. */
record ElectionTimes(ElectionSetting setting, List<Double> sortedMillis) {
  /** Sorts the times. */
  ElectionTimes {
    sortedMillis = sortedMillis.stream().sorted().toList();
  }

  static ElectionTimes measure(ElectionSetting setting, int trials) {
    List<Double> millis = new ArrayList<>();
    for (int trial = 0; trial < trials; trial++) {
      // A seed of its own for each, so that no two settings share their luck.
      long seed = 31L * (31L * setting.minMillis() + setting.maxMillis()) + 1_000_003L * trial;
      millis.add(ElectionTrial.millisWithoutLeader(setting, seed));
    }
    return new ElectionTimes(setting, millis);
  }

  /** By nearest rank. */
  double at(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedMillis.size());
    return sortedMillis.get(Math.max(1, rank) - 1);
  }

  double mean() {
    return sortedMillis.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** One object of JSON. */
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"timeout_ms\":\"%s\",\"style\":\"%s\",\"trials\":%d,\"mean_ms\":%.1f,\"median_ms\":%.1f,"
            + "\"p99_ms\":%.1f,\"max_ms\":%.1f,\"sorted_ms\":[%s]}",
        setting.range(),
        setting.style().name().toLowerCase(Locale.ROOT),
        sortedMillis.size(),
        mean(),
        at(50),
        at(99),
        at(100),
        sortedMillis.stream()
            .map(millis -> String.format(Locale.ROOT, "%.1f", millis))
            .collect(Collectors.joining(",")));
  }

  /** One line of a table in Markdown. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.0f | %.0f | %.0f | %.0f |",
        setting.range(),
        setting.style() == ElectionSetting.Style.PAPER ? "as in the paper" : "pre-vote, link loss",
        sortedMillis.size(),
        mean(),
        at(50),
        at(99),
        at(100));
  }
}
