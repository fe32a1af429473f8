package raftkv.bench.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;

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

  /**
   * Sends until an operation is under way whose answer sends the next. What ends before it was sent
   * is followed here, not from its own end: a target that refuses everything would fill the stack.
   */
  private void sendNext(long now) {
    long sent = now;
    while (!limit.isReached(begun.getAndIncrement(), sent - start)) {
      Sending sending = new Sending(sent);
      operations.begin(sending);
      if (!sending.endedAtOnce()) {
        return;
      }
      sent = System.nanoTime();
    }
    lanes.countDown();
  }

  /** One operation. All but the times is of the thread that sends it alone. */
  private final class Sending implements Operations.Done {
    private final long sent;
    private final Thread sender = Thread.currentThread();
    private boolean isSent;
    private boolean ended;

    Sending(long sent) {
      this.sent = sent;
    }

    boolean endedAtOnce() {
      isSent = true;
      return ended;
    }

    @Override
    public void done(@Nullable Failure failure, Operations.Share share) {
      long now = System.nanoTime();
      recorder.ended(sent, now, failure, share);
      if (Thread.currentThread() == sender && !isSent) {
        ended = true;
      } else {
        sendNext(now);
      }
    }
  }
}
