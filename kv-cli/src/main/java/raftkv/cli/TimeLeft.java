package raftkv.cli;

import java.time.Duration;

/** What is left of the time of a call that asks several questions, one after another. */
final class TimeLeft {
  /** Less would be no question at all: the last one may end this much too late. */
  private static final Duration LEAST = Duration.ofMillis(100);

  private final long endNanos;

  /** Begins now. */
  TimeLeft(Duration whole) {
    endNanos = System.nanoTime() + whole.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - endNanos >= 0;
  }

  /** All of it; hardly anything when it is over, so that what is asked then fails at once. */
  Duration rest() {
    return Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
  }

  /** For one question among several: the limit, or less if less is left. */
  Duration atMost(Duration limit) {
    Duration rest = rest();
    Duration shorter = rest.compareTo(limit) < 0 ? rest : limit;
    return shorter.compareTo(LEAST) < 0 ? LEAST : shorter;
  }
}
