package raftkv.bench.report;

import java.util.ArrayList;
import java.util.List;

/** How the height of a plot is divided. */
enum Scale {
  /** From zero, in equal steps. */
  LINEAR {
    @Override
    double place(double value, double least, double most) {
      return value / most;
    }

    @Override
    double floor(double least) {
      return 0;
    }

    @Override
    double ceiling(double most) {
      double power = Math.pow(10, Math.floor(Math.log10(most)));
      return Math.ceil(most / power * 2) / 2 * power;
    }

    @Override
    List<Double> ticks(double least, double most) {
      List<Double> ticks = new ArrayList<>();
      for (int i = 0; i <= LINEAR_TICKS; i++) {
        ticks.add(most * i / LINEAR_TICKS);
      }
      return ticks;
    }
  },

  /** Each step is ten times the one before. */
  LOGARITHMIC {
    @Override
    double place(double value, double least, double most) {
      return Math.log(value / least) / Math.log(most / least);
    }

    @Override
    double floor(double least) {
      return Math.pow(10, Math.floor(Math.log10(least)));
    }

    @Override
    double ceiling(double most) {
      return Math.pow(10, Math.ceil(Math.log10(most)));
    }

    @Override
    List<Double> ticks(double least, double most) {
      List<Double> ticks = new ArrayList<>();
      for (double tick = least; tick <= most * (1 + TOLERANCE); tick *= 10) {
        ticks.add(tick);
      }
      return ticks;
    }
  };

  private static final int LINEAR_TICKS = 5;
  private static final double TOLERANCE = 1e-9;

  /** Where a value stands between the bottom, 0, and the top, 1. */
  abstract double place(double value, double least, double most);

  /** The bottom, if that is the least value. */
  abstract double floor(double least);

  /** The top, if that is the greatest. */
  abstract double ceiling(double most);

  abstract List<Double> ticks(double least, double most);
}
