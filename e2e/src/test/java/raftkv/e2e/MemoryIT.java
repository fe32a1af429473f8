package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.client.KvException;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;

/** A node whose heap is too small for what is written to it. */
class MemoryIT {
  private static final int WRITES = 60;
  private static final String VALUE = "0123456789abcdef".repeat(32 << 10);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  /** Hazard 106: no half-dead process, and what was acknowledged is there after it. */
  @Test
  void nodeThatRunsOutOfMemoryEndsAndLosesNothing() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      NodeProcess node = cluster.node(1);
      node.startWithHeap("512m");
      cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        for (int i = 0; i < WRITES; i++) {
          client.put("key" + i, VALUE);
        }
      }
      node.terminate();
      assertThat(node.exitCode()).isZero();

      node.startWithHeap("40m");

      assertThat(node.exitCode()).as("out of memory: %s", node.console()).isIn(3, 16);
      node.startWithHeap("512m");
      cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        for (int i = 0; i < WRITES; i++) {
          assertThat(client.get("key" + i).found()).as("key %d", i).isTrue();
        }
      }
    }
  }

  /** ADR 38: what does not fit is refused, and deleting helps. */
  @Test
  void nodeWhoseHeapIsFullTakesDeletesAlone() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      NodeProcess node = cluster.node(1);
      node.startWithHeap("128m");
      cluster.awaitLeader();
      ClientConfig config =
          ClientConfig.of(List.of(node.endpoint())).withTimeout(Duration.ofSeconds(2));
      try (KvClient client = KvClient.connect(config)) {
        KvException refused =
            catchThrowableOfType(KvException.class, () -> putUntilRefused(client));
        assertThat(refused).hasMessageContaining("only deletes are taken");

        for (int i = 0; i < 10; i++) {
          client.delete("key" + i);
        }

        assertThat(client.put("key0", VALUE).modIndex()).isPositive();
      }
      assertThat(node.isRunning()).isTrue();
    }
  }

  private static void putUntilRefused(KvClient client) {
    for (int i = 0; i < 2 * WRITES; i++) {
      client.put("key" + i, VALUE);
    }
  }
}
