package raftkv.bench.report;

import java.util.Arrays;

/** The middle one of some values, and the two at the ends. */
record Spread(double median, double least, double most, int count) {
  /** Of at least one value. */
  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** The same in another unit. */
  Spread by(double unit) {
    return new Spread(median / unit, least / unit, most / unit, count);
  }
}
