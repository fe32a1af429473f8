package raftkv.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;

/**
 * Latencies of what was answered, and what became of the rest. Callable from any thread. Time runs
 * from the first operation to the last answer, so that a stall at the end is not cut off.
 */
public final class Recorder {
  private static final long MAX_LATENCY_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private final ConcurrentHistogram nanos = new ConcurrentHistogram(MAX_LATENCY_NANOS, DIGITS);
  private final LongAdder sampled = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final long startNanos;

  Recorder(long startNanos) {
    this.startNanos = startNanos;
  }

  /**
   * What it took.
   *
   * @param nanos from the first operation to the last answer
   * @param latencies in nanoseconds, of what was answered and counts
   * @param sampled operations of the sample that were answered, without latency
   * @param errors how many failed, by outcome and reason
   */
  public record Result(long nanos, Histogram latencies, long sampled, Map<String, Long> errors) {
    /** Operations that were answered. */
    public long answered() {
      return latencies.getTotalCount() + sampled;
    }

    /** Operations that failed. */
    public long failed() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Operations answered a second. */
    public double perSecond() {
      return answered() * 1e9 / nanos;
    }
  }

  /** An operation ended now that was to begin at that time. */
  void ended(long begunNanos, long nowNanos, @Nullable Failure failure, Operations.Share share) {
    if (failure != null) {
      errors.computeIfAbsent(failure.words(), unseen -> new LongAdder()).increment();
    } else if (share == Operations.Share.MEASURED) {
      nanos.recordValue(Math.min(nowNanos - begunNanos, MAX_LATENCY_NANOS));
    } else {
      sampled.increment();
    }
  }

  Result result(long nowNanos) {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((what, count) -> counts.put(what, count.sum()));
    return new Result(nowNanos - startNanos, nanos, sampled.sum(), counts);
  }
}
