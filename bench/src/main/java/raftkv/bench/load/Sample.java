package raftkv.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Failure;
import raftkv.bench.target.Target;
import raftkv.simulation.history.Answer;
import raftkv.simulation.history.Call;
import raftkv.simulation.history.History;
import raftkv.simulation.history.LinearizabilityChecker;
import raftkv.simulation.history.Operation;

/**
 * A few keys of their own, put and read in turn under the load, with every call and every answer
 * kept: at the end they are read once more, and the checker of the tests judges whether a single
 * copy could have answered so. An acknowledged put that is lost, a read that is too old and a value
 * out of nowhere all show. Thread-safe.
 */
public final class Sample {
  private static final int KEYS = 8;
  private static final int ONE_IN = 256;
  private static final long MAX_STEPS = 5_000_000;
  private static final long LAST_READS_SECONDS = 15;

  private final Target target;
  private final Workload workload;
  private final History history = new History();

  /** A sample of what a target answers; only useful if its reads are linearizable. */
  public Sample(Target target, Workload workload) {
    this.target = target;
    this.workload = workload;
  }

  boolean isDue(long number) {
    return number % ONE_IN == ONE_IN - 1;
  }

  void begin(long number, Consumer<@Nullable Failure> done) {
    long turn = number / ONE_IN;
    String key = workload.sampleKey((int) (turn % KEYS));
    // Put and read alternate on each key, and neighbours in time are on different keys.
    if (turn / KEYS % 2 == 0) {
      put(key, number, done);
    } else {
      get(key, done);
    }
  }

  private void put(String key, long number, Consumer<@Nullable Failure> done) {
    byte[] value = workload.valueOf(number);
    Call call = new Call.Put(text(value));
    long invoked = System.nanoTime();
    target.put(
        key,
        value,
        (nothing, failure) -> {
          if (failure == null) {
            answered(key, call, new Answer.Stored(), invoked);
          } else if (failure.effect() == Failure.Effect.UNKNOWN) {
            history.add(key, Operation.unknown(0, call, invoked));
          }
          done.accept(failure);
        });
  }

  private void get(String key, Consumer<@Nullable Failure> done) {
    long invoked = System.nanoTime();
    target.get(
        key,
        (value, failure) -> {
          if (failure == null) {
            Answer found = new Answer.Read(value == null ? null : text(value));
            answered(key, new Call.Get(), found, invoked);
          }
          done.accept(failure);
        });
  }

  private void answered(String key, Call call, Answer answer, long invoked) {
    history.add(key, new Operation(0, call, answer, invoked, System.nanoTime()));
  }

  /** The part that makes it unique, or all of it if the rest is not as it was put. */
  private String text(byte[] value) {
    int length = workload.isWhole(value) ? Workload.UNIQUE_BYTES : value.length;
    return new String(value, 0, length, StandardCharsets.UTF_8);
  }

  /** Reads every key once more and judges all of it; nothing else may be under way. */
  public History.Report judge() throws InterruptedException {
    List<String> silent = new ArrayList<>();
    CountDownLatch reads = new CountDownLatch(KEYS);
    for (int i = 0; i < KEYS; i++) {
      get(workload.sampleKey(i), failure -> reads.countDown());
    }
    if (!reads.await(LAST_READS_SECONDS, TimeUnit.SECONDS)) {
      silent.add(reads.getCount() + " reads at the end were not answered");
    }
    History.Report found = history.check(new LinearizabilityChecker(MAX_STEPS));
    silent.addAll(found.failures());
    return new History.Report(
        found.keys(), found.operations(), found.unknown(), found.mostSteps(), silent);
  }
}
