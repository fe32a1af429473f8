package raftkv.bench.machine;

/**
 * Looks, again and again, whether the machine has time to spare: a virtual machine compiles for
 * some seconds after its start, and three nodes that do so on two cores are not what is to be
 * measured. For one thread.
 */
public final class Calm {
  private static final long WINDOW_NANOS = 1_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double CALM_SHARE = 0.5;

  private final int processors = Runtime.getRuntime().availableProcessors();
  private long sinceNanos = System.nanoTime();
  private double sinceSeconds = Proc.busy().seconds();

  /** Whether less than half of the machine was used in the last window, which lasts a second. */
  public boolean isCalm() {
    long now = System.nanoTime();
    if (now - sinceNanos < WINDOW_NANOS) {
      return false;
    }
    double seconds = Proc.busy().seconds();
    boolean calm =
        isCalm(seconds - sinceSeconds, (now - sinceNanos) / NANOS_PER_SECOND * processors);
    sinceNanos = now;
    sinceSeconds = seconds;
    return calm;
  }

  static boolean isCalm(double used, double had) {
    return used < had * CALM_SHARE;
  }
}
