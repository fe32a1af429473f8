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
 * the first seed that fails, 2 if it does not understand its options.
 */
public final class Main {
  private static final String USAGE =
      "usage: simulation/run --seed N [--trace] | --seeds A..B [--jobs N]";

  private final long fromSeed;
  private final long toSeed;
  private final int jobs;
  private final boolean traced;
  private final AtomicLong nextSeed;
  private final Tally total = new Tally();

  // Guarded by this.
  private @Nullable RunResult failed;
  private long done;
  private long virtualNanos;
  private long operations;
  private long unknown;
  private long hashes;
  private final long begunNanos = System.nanoTime();

  private Main(long fromSeed, long toSeed, int jobs, boolean traced) {
    this.fromSeed = fromSeed;
    this.toSeed = toSeed;
    this.jobs = jobs;
    this.traced = traced;
    this.nextSeed = new AtomicLong(fromSeed);
  }

  /** Runs what the options say. */
  public static void main(String[] options) throws InterruptedException {
    Configurator.setRootLevel(Level.OFF);
    Main main = parse(options);
    if (main == null) {
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    System.exit(main.run() ? 0 : 1);
  }

  private static @Nullable Main parse(String[] options) {
    @Nullable String seeds = null;
    int jobs = 1;
    boolean traced = false;
    try {
      for (int i = 0; i < options.length; i++) {
        switch (options[i]) {
          case "--seed", "--seeds" -> seeds = options[++i];
          case "--jobs" -> jobs = Integer.parseInt(options[++i]);
          case "--trace" -> traced = true;
          default -> {
            return null;
          }
        }
      }
      if (seeds == null || jobs < 1) {
        return null;
      }
      int dots = seeds.indexOf("..");
      long from = Long.parseLong(dots < 0 ? seeds : seeds.substring(0, dots));
      long to = dots < 0 ? from : Long.parseLong(seeds.substring(dots + 2));
      return new Main(from, to, jobs, traced);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException unreadable) {
      return null;
    }
  }

  private boolean run() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
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
      if (seed > toSeed || hasFailed()) {
        return;
      }
      take(new SimWorld(seed, traced ? System.out::println : null).run());
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
        toSeed - fromSeed + 1,
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
    if (failure == null) {
      return true;
    }
    failure.lastLines().forEach(System.out::println);
    System.out.println("seed " + failure.seed() + " FAILED: " + failure.failure());
    System.out.println("again: simulation/run --seed " + failure.seed() + " --trace");
    return false;
  }
}
