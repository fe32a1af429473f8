package raftkv.e2e.kill;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Twenty keys at a time, new ones every ten seconds, so that no key's history grows beyond what a
 * checker can judge. The first of them are counters, which are only ever incremented.
 */
final class Keys {
  static final int PER_EPOCH = 20;
  static final int COUNTERS = 4;
  private static final long EPOCH_NANOS = 10_000_000_000L;

  private final long startNanos;

  Keys(long startNanos) {
    this.startNanos = startNanos;
  }

  String any(SplittableRandom random, long nowNanos) {
    return name((nowNanos - startNanos) / EPOCH_NANOS, random.nextInt(PER_EPOCH));
  }

  private static String name(long epoch, int number) {
    String kind = number < COUNTERS ? "counter" : "register";
    return String.format(Locale.ROOT, "epoch%03d-%s%02d", epoch, kind, number);
  }

  static boolean isCounter(String key) {
    return key.contains("-counter");
  }
}
