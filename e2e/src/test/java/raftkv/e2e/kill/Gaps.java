package raftkv.e2e.kill;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long nobody was served because of a kill: the longest time between two answered writes around
 * it.
 *
 * @param millis a gap for each kill, shortest first
 */
record Gaps(List<Long> millis) {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long AFTERMATH_NANOS = 1_000 * NANOS_PER_MILLI;

  /**
   * Measures.
   *
   * @param ackNanos when writes were answered, in order
   * @param killNanos when leaders were killed
   */
  static Gaps of(long[] ackNanos, List<Long> killNanos) {
    return new Gaps(
        killNanos.stream()
            .map(kill -> longestAround(ackNanos, kill) / NANOS_PER_MILLI)
            .sorted()
            .toList());
  }

  private static long longestAround(long[] ackNanos, long kill) {
    int found = Arrays.binarySearch(ackNanos, kill);
    int next = found >= 0 ? found + 1 : -found - 1;
    long longest = 0;
    for (int i = Math.max(1, next); i < ackNanos.length; i++) {
      if (ackNanos[i - 1] > kill + AFTERMATH_NANOS) {
        break;
      }
      longest = Math.max(longest, ackNanos[i] - ackNanos[i - 1]);
    }
    return longest;
  }

  long median() {
    return millis.isEmpty() ? 0 : millis.get(millis.size() / 2);
  }

  long worst() {
    return millis.isEmpty() ? 0 : millis.get(millis.size() - 1);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "median %d ms, worst %d ms", median(), worst());
  }
}
