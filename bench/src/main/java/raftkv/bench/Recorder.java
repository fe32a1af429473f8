package raftkv.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Latencies of what was answered, and what became of the rest. Callable from any thread. */
final class Recorder {
  private static final long MAX_LATENCY_MICROS = 120_000_000;
  private static final int DIGITS = 3;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(MAX_LATENCY_MICROS, DIGITS);
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final long startNanos = System.nanoTime();

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

  /** A put ended that should have begun at that time. */
  void ended(long begunNanos, @Nullable Throwable failure) {
    if (failure == null) {
      micros.recordValue(Math.min((System.nanoTime() - begunNanos) / 1_000, MAX_LATENCY_MICROS));
    } else {
      errors
          .computeIfAbsent(String.valueOf(failure.getMessage()), unseen -> new LongAdder())
          .increment();
    }
  }

  Result result() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((what, count) -> counts.put(what, count.sum()));
    return new Result(System.nanoTime() - startNanos, micros, counts);
  }
}
