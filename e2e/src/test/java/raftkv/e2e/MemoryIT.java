package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final int MOST_WRITES = 200;
  private static final String VALUE = "0123456789abcdef".repeat(32 << 10);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  /** Hazard 106: no half-dead process, and what was acknowledged is there after it. */
  @Test
  void nodeThatRunsOutOfMemoryEndsAndLosesNothing() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      NodeProcess node = cluster.node(1);
      node.startWithHeap("40m");
      cluster.awaitLeader();

      int acknowledged = writeUntilItEnds(node);

      assertThat(node.exitCode()).as("out of memory: %s", node.console()).isIn(3, 16);
      assertThat(acknowledged).isPositive();
      node.startWithHeap("512m");
      cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        for (int i = 1; i <= acknowledged; i++) {
          assertThat(client.get("key" + i).found()).as("key %d", i).isTrue();
        }
      }
    }
  }

  private static int writeUntilItEnds(NodeProcess node) {
    ClientConfig config =
        ClientConfig.of(List.of(node.endpoint())).withTimeout(Duration.ofSeconds(5));
    int acknowledged = 0;
    try (KvClient client = KvClient.connect(config)) {
      while (node.isRunning() && acknowledged < MOST_WRITES) {
        client.put("key" + (acknowledged + 1), VALUE);
        acknowledged++;
      }
    } catch (KvException ended) {
      return acknowledged;
    }
    return acknowledged;
  }
}
