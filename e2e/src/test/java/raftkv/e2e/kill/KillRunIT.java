package raftkv.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.e2e.cluster.Cluster;

/**
 * Goal: whatever happens to the nodes, no acknowledged write is missing, none takes effect twice,
 * and no read is too old. Method: eight clients write and read on while leaders are killed; then
 * every answer is judged. The number of kills is the system property {@code kills}; 5 unless told.
 */
class KillRunIT {
  private static final int KILLS = Integer.getInteger("kills", 5);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void nothingIsLostDoubledOrReadTooOldWhileLeadersAreKilled() throws IOException {
    long start = System.nanoTime();
    try (Cluster cluster = Cluster.started(directory);
        Load load = Load.start(cluster)) {
      Faults faults = new Faults(cluster, load);
      faults.killLeaders(KILLS);
      Verdict verdict = Verdict.of(cluster, load);

      verdict.tell(story(faults, load, start), "kill-run.txt");
      verdict.mustHold();
      assertThat(faults.killNanos()).hasSizeGreaterThanOrEqualTo(KILLS);
      assertThat(load.tally().acks()).isGreaterThan(100L * KILLS);
    }
  }

  private static String story(Faults faults, Load load, long start) {
    return String.format(
        Locale.ROOT,
        """
        kill run: %d leaders killed, %d other faults, %d s
          service gap   %s (longest time without an answered write around a kill)
        """,
        faults.killNanos().size(),
        faults.others(),
        (System.nanoTime() - start) / 1_000_000_000,
        Gaps.of(load.tally().ackTimes(), faults.killNanos()));
  }
}
