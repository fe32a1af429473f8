package raftkv.bench.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many operations in flight all the time: each answer sends the next one. Latency is from
 * sending to answer; a closed loop slows down with its target, so its tail says nothing about a
 * fixed rate.
 */
public final class ClosedLoop {
  private final Operations operations;
  private final Limit limit;
  private final long start = System.nanoTime();
  private final Recorder recorder = new Recorder(start);
  private final AtomicLong begun = new AtomicLong();
  private final CountDownLatch lanes;

  private ClosedLoop(Operations operations, int inFlight, Limit limit) {
    this.operations = operations;
    this.limit = limit;
    this.lanes = new CountDownLatch(inFlight);
  }

  /** Runs until the limit is reached and all is answered. */
  public static Recorder.Result run(Operations operations, int inFlight, Limit limit)
      throws InterruptedException {
    ClosedLoop loop = new ClosedLoop(operations, inFlight, limit);
    for (int lane = 0; lane < inFlight; lane++) {
      loop.sendNext(System.nanoTime());
    }
    loop.lanes.await();
    return loop.recorder.result(System.nanoTime());
  }

  private void sendNext(long now) {
    if (limit.isReached(begun.getAndIncrement(), now - start)) {
      lanes.countDown();
      return;
    }
    operations.begin(
        (failure, share) -> {
          long ended = System.nanoTime();
          recorder.ended(now, ended, failure, share);
          sendNext(ended);
        });
  }
}
