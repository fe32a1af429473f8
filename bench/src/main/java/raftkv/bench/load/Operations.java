package raftkv.bench.load;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;

/**
 * The operations of a level, one after the other, from any thread. Now and then one of them belongs
 * to the sample: it is sent and awaited like the others, and counts as one of them, but not for the
 * latencies, since it may be of another kind.
 */
public final class Operations {
  private static final Failure MISSING = Failure.unknown("key not found");
  private static final Failure GARBLED = Failure.unknown("value garbled");

  private final Target target;
  private final Workload workload;
  private final @Nullable Sample sample;
  private final AtomicLong next = new AtomicLong();

  /** Told once of each operation that has ended. */
  interface Done {
    /** It ended; if it belonged to the sample its latency does not count. */
    void done(@Nullable Failure failure, Share share);
  }

  /** What an operation counts for. */
  enum Share {
    /** Rate and latencies. */
    MEASURED,
    /** The rate alone. */
    SAMPLED
  }

  /** Operations on a target; a sample is null if none is to be judged. */
  public Operations(Target target, Workload workload, @Nullable Sample sample) {
    this.target = target;
    this.workload = workload;
    this.sample = sample;
  }

  /** Begins the next one. */
  void begin(Done done) {
    long number = next.getAndIncrement();
    if (sample != null && sample.isDue(number)) {
      sample.begin(number, failure -> done.done(failure, Share.SAMPLED));
    } else if (workload.kind().isPut(number, workload.keys())) {
      target.put(
          workload.keyOf(number),
          workload.valueOf(number),
          (value, failure) -> done.done(failure, Share.MEASURED));
    } else if (workload.kind() == Kind.STALE_GET) {
      target.getStale(workload.keyOf(number), (value, failure) -> read(value, failure, done));
    } else {
      target.get(workload.keyOf(number), (value, failure) -> read(value, failure, done));
    }
  }

  /** All keys were put before, so that one that is missing was lost. */
  private void read(byte @Nullable [] value, @Nullable Failure failure, Done done) {
    Failure judged = failure;
    if (failure == null && value == null) {
      judged = MISSING;
    } else if (value != null && !workload.isWhole(value)) {
      judged = GARBLED;
    }
    done.done(judged, Share.MEASURED);
  }
}
