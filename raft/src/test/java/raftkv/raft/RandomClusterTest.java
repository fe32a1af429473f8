package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Safety under random faults, and liveness once they stop. {@code -Drandom.seed=N} begins at
 * another seed, {@code -Drandom.runs=N} makes more or fewer runs.
 */
class RandomClusterTest {
  @Test
  void isSafeUnderFaultsAndLiveAfterThem() {
    long first = Long.getLong("random.seed", 1);
    int runs = Integer.getInteger("random.runs", 250);
    System.out.println("random runs of the core from seed " + first);

    long committed = 0;
    long lostDisks = 0;
    for (long seed = first; seed < first + runs; seed++) {
      RandomRun run = runOf(seed);
      committed += run.committed();
      lostDisks += run.lostDisks();
    }

    assertThat(committed).as("runs do something").isGreaterThan(50L * runs);
    assertThat(lostDisks).as("runs lose disks").isGreaterThan(runs / 2);
  }

  /** Seeds that once found a bug stay here for ever. */
  @ParameterizedTest
  @ValueSource(longs = {33, 120})
  void staysSafeWithSeedsThatFoundSomething(long seed) {
    assertThat(runOf(seed).committed()).isPositive();
  }

  @Test
  void givesTheSameRunForTheSameSeed() {
    RandomRun one = new RandomRun(7);
    RandomRun other = new RandomRun(7);

    one.run();
    other.run();

    assertThat(one.hash()).isEqualTo(other.hash());
  }

  private static RandomRun runOf(long seed) {
    RandomRun run = new RandomRun(seed);
    try {
      run.run();
    } catch (RuntimeException broken) {
      throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
    }
    return run;
  }
}
