package raftkv.bench.failover;

import java.util.Collection;

/** Percentiles by nearest rank: each is a value that was measured. */
final class Quantiles {
  private final double[] sorted;

  Quantiles(Collection<Double> values) {
    sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  int count() {
    return sorted.length;
  }

  /** The smallest value that so many percent are not above; 0 without values. */
  double at(double percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(1, rank) - 1];
  }

  double median() {
    return at(50);
  }

  double max() {
    return at(100);
  }
}
