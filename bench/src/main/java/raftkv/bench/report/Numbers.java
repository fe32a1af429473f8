package raftkv.bench.report;

import java.util.Locale;

/** Figures as they are printed: three digits that mean something. */
final class Numbers {
  private Numbers() {}

  static String of(double value) {
    double size = Math.abs(value);
    if (size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size >= 10) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
    return String.format(Locale.ROOT, size >= 1 ? "%.2f" : "%.3f", value);
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** The middle of some ratios, and both ends if there was more than one. */
  static String ratio(Spread spread) {
    String middle = ratio(spread.median());
    return spread.count() == 1
        ? middle
        : middle + " (" + ratio(spread.least()) + "–" + ratio(spread.most()) + ")";
  }

  /** The middle, and both ends if there was more than one value. */
  static String of(Spread spread, double unit) {
    String middle = of(spread.median() / unit);
    return spread.count() == 1
        ? middle
        : middle + " (" + of(spread.least() / unit) + "–" + of(spread.most() / unit) + ")";
  }
}
