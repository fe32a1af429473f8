package raftkv.bench.profile;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Weights by place: samples, bytes, or whatever is counted. */
final class Tally {
  private final Map<String, Long> weights = new TreeMap<>();
  private long total;

  /** A place with what it weighs. */
  record Line(String place, long weight) {}

  void add(String place, long weight) {
    weights.merge(place, weight, Long::sum);
    total += weight;
  }

  long total() {
    return total;
  }

  /** The heaviest, the heaviest first; equal ones by name. */
  List<Line> top(int count) {
    return weights.entrySet().stream()
        .map(entry -> new Line(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingLong(Line::weight).reversed().thenComparing(Line::place))
        .limit(count)
        .toList();
  }
}
