package raftkv.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many puts in flight all the time: each answer sends the next one. Latency is from sending to
 * answer; a closed loop slows down with its target, so its tail says nothing about a fixed rate.
 */
final class ClosedLoop {
  private final Target target;
  private final Workload workload;
  private final Recorder recorder = new Recorder();
  private final AtomicLong next = new AtomicLong();
  private final CountDownLatch lanes;

  private ClosedLoop(Target target, Workload workload) {
    this.target = target;
    this.workload = workload;
    this.lanes = new CountDownLatch(workload.inFlight());
  }

  static Recorder.Result run(Target target, Workload workload) throws InterruptedException {
    ClosedLoop loop = new ClosedLoop(target, workload);
    for (int lane = 0; lane < workload.inFlight(); lane++) {
      loop.sendNext();
    }
    loop.lanes.await();
    return loop.recorder.result();
  }

  private void sendNext() {
    long number = next.getAndIncrement();
    if (number >= workload.operations()) {
      lanes.countDown();
      return;
    }
    long sent = System.nanoTime();
    var unused =
        target
            .put(workload.keyOf(number), workload.valueOf(number))
            .whenComplete(
                (answer, failure) -> {
                  recorder.ended(sent, failure);
                  sendNext();
                });
  }
}
