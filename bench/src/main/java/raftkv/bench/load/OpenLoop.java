package raftkv.bench.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Operations begin at a fixed rate, whatever the target does. Latency is from the time at which an
 * operation should have begun, so that a target that stalls is not asked politely less often: what
 * waits for a place among those in flight waits in the figures too.
 */
public final class OpenLoop {
  private static final long SECOND_NANOS = 1_000_000_000;

  private OpenLoop() {}

  /**
   * Runs until the limit is reached and all is answered.
   *
   * @param perSecond operations that begin a second
   * @param inFlight at most so many under way
   */
  public static Recorder.Result run(
      Operations operations, double perSecond, int inFlight, Limit limit)
      throws InterruptedException {
    Semaphore places = new Semaphore(inFlight);
    long start = System.nanoTime();
    Recorder recorder = new Recorder(start);
    for (long number = 0; ; number++) {
      long due = start + (long) (number / perSecond * SECOND_NANOS);
      // By what is due, not by what time it is: a stall at the end does not save the rest of it.
      if (limit.isReached(number, due - start)) {
        break;
      }
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      places.acquire();
      operations.begin(
          (failure, share) -> {
            recorder.ended(due, System.nanoTime(), failure, share);
            places.release();
          });
    }
    places.acquire(inFlight);
    return recorder.result(System.nanoTime());
  }
}
