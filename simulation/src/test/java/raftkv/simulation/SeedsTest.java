package raftkv.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.simulation.check.Tally;

/** A range of standard seeds, and the seeds that found something. */
class SeedsTest {
  private static final long FIRST_SEED = Long.getLong("sim.seed", 1);
  private static final long SEEDS = Long.getLong("sim.seeds", 1_000);
  private static final long ENOUGH_TO_MEET_EVERYTHING = 100;
  private static final int JOBS = 2;

  @BeforeAll
  static void silenceTheNodes() {
    Configurator.setRootLevel(Level.OFF);
  }

  /** Coverage is measured: what never happens in these seeds is not tested by them. */
  @Test
  void nothingGoesWrongInAnySeedAndEverythingHappensInSome() throws Exception {
    System.out.println("standard seeds " + FIRST_SEED + ".." + (FIRST_SEED + SEEDS - 1));
    List<String> failures = new ArrayList<>();
    Tally total = new Tally();
    long virtualNanos = 0;
    long begun = System.nanoTime();

    for (RunResult result : runAll()) {
      total.add(result.tally());
      virtualNanos += result.virtualNanos();
      if (!result.isGood()) {
        failures.add("seed " + result.seed() + ": " + result.failure());
      }
    }

    printSpeed(virtualNanos, (System.nanoTime() - begun) / 1e9);
    System.out.print(total);
    assertThat(failures).isEmpty();
    if (SEEDS < ENOUGH_TO_MEET_EVERYTHING) {
      return;
    }
    for (Tally.Kind kind : Tally.Kind.values()) {
      assertThat(total.of(kind)).as("%s happens in some seed", kind).isPositive();
    }
  }

  private static void printSpeed(long virtualNanos, double seconds) {
    double hours = virtualNanos / 3.6e12;
    System.out.printf(
        Locale.ROOT,
        "%,d seeds in %.0f s: %.1f seeds/s, %.1f simulated hours, %.2f simulated hours/s%n",
        SEEDS,
        seconds,
        SEEDS / seconds,
        hours,
        hours / seconds);
  }

  @Test
  void sameSeedGivesTheSameTrace() {
    RunResult first = new SimWorld(4_711, null).run();
    RunResult second = new SimWorld(4_711, null).run();
    RunResult other = new SimWorld(4_712, null).run();

    assertThat(second.traceHash()).isEqualTo(first.traceHash());
    assertThat(second.events()).isEqualTo(first.events());
    assertThat(other.traceHash()).isNotEqualTo(first.traceHash());
  }

  /** What they found is in docs/bugs.md. */
  @ParameterizedTest
  @ValueSource(
      longs = {3, 13, 24, 36, 142, 222, 288, 1212, 6040, 7387, 8167, 13_023, 16_900, 19_356})
  void staysRightWithSeedsThatFoundSomething(long seed) {
    RunResult result = new SimWorld(seed, null).run();

    assertThat(result.failure()).isNull();
  }

  private static List<RunResult> runAll() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(JOBS);
    try {
      List<Future<RunResult>> running = new ArrayList<>();
      for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
        long each = seed;
        running.add(pool.submit(() -> new SimWorld(each, null).run()));
      }
      List<RunResult> results = new ArrayList<>();
      for (Future<RunResult> result : running) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
