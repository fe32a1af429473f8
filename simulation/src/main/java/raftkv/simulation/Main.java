package raftkv.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import raftkv.simulation.check.Tally;

/**
 * Runs seeds: {@code --seed N [--trace]}, or {@code --seeds A..B [--jobs 2]}. Ends with status 1 at
 * the first seed that fails, 2 if it does not understand its {@link Options}.
 */
public final class Main {
  private final Options options;
  private final AtomicLong nextSeed;
  private final Tally total = new Tally();

  // Guarded by this.
  private @Nullable RunResult failed;
  private long done;
  private long virtualNanos;
  private long operations;
  private long unknown;
  private long hashes;
  private Limits left = Limits.NONE;
  private final long begunNanos = System.nanoTime();

  private Main(Options options) {
    this.options = options;
    this.nextSeed = new AtomicLong(options.fromSeed());
  }

  /** Runs what the options say. */
  public static void main(String[] words) throws InterruptedException {
    Configurator.setRootLevel(Level.OFF);
    Options options = Options.parse(words);
    if (options == null) {
      System.err.println(Options.USAGE);
      System.exit(2);
      return;
    }
    System.exit(new Main(options).run() ? 0 : 1);
  }

  private boolean run() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.jobs(); i++) {
      Thread thread = new Thread(this::work, "seeds-" + i);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return report();
  }

  private void work() {
    while (true) {
      long seed = nextSeed.getAndIncrement();
      if (seed > options.toSeed() || hasFailed()) {
        return;
      }
      take(
          new SimWorld(seed, options.limits(), options.traced() ? System.out::println : null)
              .run());
    }
  }

  private synchronized boolean hasFailed() {
    return failed != null;
  }

  private synchronized void take(RunResult result) {
    done++;
    virtualNanos += result.virtualNanos();
    operations += result.operations();
    unknown += result.unknownOperations();
    hashes += result.traceHash() * (2 * result.seed() + 1);
    total.add(result.tally());
    if (!result.isGood() && failed == null) {
      failed = result;
    }
    if (done % 100 == 0) {
      System.out.println(progress());
    }
  }

  private String progress() {
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "%,d of %,d seeds, %.1f seeds/s, %.1f simulated hours, %.2f simulated hours/s",
        done,
        options.toSeed() - options.fromSeed() + 1,
        done / seconds,
        virtualNanos / 3.6e12,
        virtualNanos / 3.6e12 / seconds);
  }

  private synchronized boolean report() {
    System.out.println(progress());
    System.out.printf(
        Locale.ROOT, "%,d operations answered, %,d of unknown fate%n", operations, unknown);
    System.out.print(total);
    System.out.printf(Locale.ROOT, "trace hash %016x%n", hashes);
    RunResult failure = failed;
    left = options.limits();
    if (failure == null) {
      long asked = options.toSeed() - options.fromSeed() + 1;
      System.out.printf(Locale.ROOT, "%,d of %,d seeds are good%n", done, asked);
      return done == asked;
    }
    RunResult shown = options.shrinks() ? shrink(failure) : failure;
    shown.lastLines().forEach(System.out::println);
    System.out.println("seed " + shown.seed() + " FAILED: " + shown.failure());
    System.out.println("again: simulation/run --seed " + shown.seed() + left + " --trace");
    return false;
  }

  private RunResult shrink(RunResult failure) {
    Shrinker shrinker = new Shrinker(failure, System.out::println);
    RunResult smallest = shrinker.shrink();
    left = shrinker.limits();
    return smallest;
  }
}
