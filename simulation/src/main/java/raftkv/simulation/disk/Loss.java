package raftkv.simulation.disk;

import java.util.random.RandomGenerator;

/** How much of what was not forced a power cut takes. */
enum Loss {
  EVERYTHING,
  MOST,
  HALF,
  LITTLE,
  NOTHING;

  static Loss draw(RandomGenerator random) {
    return values()[(int) Long.remainderUnsigned(random.nextLong(), values().length)];
  }

  /** Whether one sector, or one change of names, is kept. */
  boolean keeps(RandomGenerator random) {
    long draw = Long.remainderUnsigned(random.nextLong(), 8);
    return switch (this) {
      case EVERYTHING -> false;
      case MOST -> draw == 0;
      case HALF -> draw < 4;
      case LITTLE -> draw > 0;
      case NOTHING -> true;
    };
  }
}
