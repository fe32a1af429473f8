package raftkv.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * So many puts in flight all the time: each answer sends the next one. Latency is from sending to
 * answer; a closed loop slows down with its target, so its tail says nothing about a fixed rate.
 */
final class ClosedLoop {
  private static final long MAX_LATENCY_MICROS = 120_000_000;
  private static final int DIGITS = 3;

  private final Target target;
  private final Workload workload;
  private final ConcurrentHistogram micros = new ConcurrentHistogram(MAX_LATENCY_MICROS, DIGITS);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();
  private final CountDownLatch lanes;

  private ClosedLoop(Target target, Workload workload) {
    this.target = target;
    this.workload = workload;
    this.lanes = new CountDownLatch(workload.inFlight());
  }

  /**
   * What to do.
   *
   * @param operations puts as a whole
   * @param inFlight puts under way at a time
   * @param keys different keys, taken in turn
   * @param valueBytes size of each value
   */
  record Workload(long operations, int inFlight, long keys, int valueBytes) {}

  /**
   * What it took.
   *
   * @param micros latencies of the puts that were answered
   * @param errors how many failed, by outcome and reason
   */
  record Result(long nanos, Histogram micros, Map<String, Long> errors) {
    long answered() {
      return micros.getTotalCount();
    }

    double perSecond() {
      return answered() * 1e9 / nanos;
    }
  }

  static Result run(Target target, Workload workload) throws InterruptedException {
    ClosedLoop loop = new ClosedLoop(target, workload);
    long start = System.nanoTime();
    for (int lane = 0; lane < workload.inFlight(); lane++) {
      loop.sendNext();
    }
    loop.lanes.await();
    long nanos = System.nanoTime() - start;
    Map<String, Long> errors = new TreeMap<>();
    loop.errors.forEach((what, count) -> errors.put(what, count.sum()));
    return new Result(nanos, loop.micros, errors);
  }

  private void sendNext() {
    long number = next.getAndIncrement();
    if (number >= workload.operations()) {
      lanes.countDown();
      return;
    }
    String key = "bench" + number % workload.keys();
    String value = valueOf(number);
    long sent = System.nanoTime();
    var unused =
        target
            .put(key, value)
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    micros.recordValue(
                        Math.min((System.nanoTime() - sent) / 1_000, MAX_LATENCY_MICROS));
                  } else {
                    errors
                        .computeIfAbsent(
                            String.valueOf(failure.getMessage()), unseen -> new LongAdder())
                        .increment();
                  }
                  sendNext();
                });
  }

  private String valueOf(long number) {
    String digits = Long.toString(number);
    int filling = Math.max(0, workload.valueBytes() - digits.length());
    return "v".repeat(filling) + digits;
  }
}
