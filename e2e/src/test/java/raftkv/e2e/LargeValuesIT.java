package raftkv.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;

/** Values of the largest size, on the way to a follower that missed them (hazards 93, 94, 117). */
class LargeValuesIT {
  private static final int VALUES = 20;
  private static final int READERS = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String RECOGNISABLE = "do-not-log-me-";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  /** Their answers are more than what a node has for buffers. */
  @Test
  void manyReadsAtOnceEndNobody() throws Exception {
    String value = "x".repeat(1 << 20);
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS);
        KvClient client =
            KvClient.connect(ClientConfig.of(cluster.endpoints()).withTimeout(PATIENCE))) {
      client.put("large", value);
      NodeProcess leader = cluster.awaitLeader();

      List<Future<Integer>> lengths =
          readers.invokeAll(
              Collections.nCopies(
                  READERS,
                  () -> requireNonNull(client.get("large").entry()).value().toText().length()));

      for (Future<Integer> length : lengths) {
        assertThat(length.get()).isEqualTo(value.length());
      }
      assertThat(cluster.awaitHealthy()).isEqualTo(leader);
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void followerThatMissedThemCatchesUpAndNoLogHoldsThem() {
    String value = RECOGNISABLE + "x".repeat((1 << 20) - RECOGNISABLE.length());
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS)) {
      NodeProcess follower = cluster.without(cluster.awaitLeader()).get(0);
      follower.kill();

      long index = 0;
      try (KvClient client = cluster.connect()) {
        for (int i = 0; i < VALUES; i++) {
          index = client.put("large" + i, value).modIndex();
        }
      }
      follower.start();

      NodeProcess leader = cluster.awaitHealthy();
      assertThat(cluster.hashAt(follower, index)).isEqualTo(cluster.hashAt(leader, index));
      for (NodeProcess node : cluster.nodes()) {
        assertThat(node.log()).noneMatch(line -> line.contains(RECOGNISABLE));
        assertThat(node.console()).noneMatch(line -> line.contains(RECOGNISABLE));
      }
    }
  }
}
