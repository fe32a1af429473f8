package raftkv.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Puts begin at a fixed rate, whatever the target does. Latency is from the time at which a put
 * should have begun, so that a target that stalls is not asked politely less often: what waits for
 * a place among those in flight waits in the figures too.
 */
final class OpenLoop {
  private static final long SECOND_NANOS = 1_000_000_000;

  private OpenLoop() {}

  static Recorder.Result run(Target target, Workload workload) throws InterruptedException {
    Recorder recorder = new Recorder();
    Semaphore places = new Semaphore(workload.inFlight());
    long start = System.nanoTime();
    for (long number = 0; number < workload.operations(); number++) {
      long due = start + number * SECOND_NANOS / workload.perSecond();
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      places.acquire();
      var unused =
          target
              .put(workload.keyOf(number), workload.valueOf(number))
              .whenComplete(
                  (answer, failure) -> {
                    recorder.ended(due, failure);
                    places.release();
                  });
    }
    places.acquire(workload.inFlight());
    return recorder.result();
  }
}
