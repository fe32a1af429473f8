package raftkv.storage.snapshot;

import raftkv.port.EventLoop;

/**
 * Spreads the work of a snapshot over time, so that whoever writes to the log meanwhile finds disk
 * and processor free: most of the time is left to others.
 */
@FunctionalInterface
public interface Pace {
  /** A state is written, and then read back, no faster than it would be sent. */
  long BYTES_PER_SECOND = 64L << 20;

  /** Runs the next step when its time has come, on any thread. Callable from any thread. */
  void next(Runnable step);

  /** Steps of about {@link Saving#STEP_BYTES}, timed by a loop. */
  static Pace of(EventLoop loop) {
    return new Pace() {
      private static final long GAP_NANOS = 1_000_000_000L * Saving.STEP_BYTES / BYTES_PER_SECOND;

      /** Owned by the loop. */
      private long nextNanos = loop.nowNanos();

      @Override
      public void next(Runnable step) {
        loop.execute(() -> onLoop(step));
      }

      private void onLoop(Runnable step) {
        long early = nextNanos - loop.nowNanos();
        nextNanos += GAP_NANOS + Math.max(0, -early);
        if (early > 0) {
          loop.schedule(step, early);
        } else {
          step.run();
        }
      }
    };
  }
}
