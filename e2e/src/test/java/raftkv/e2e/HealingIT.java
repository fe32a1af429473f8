package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: a log of two terms, with rot in it, is healed from the others, which are damaged as well.
 */
class HealingIT {
  private static final int SECTOR = 512;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void damagedNodesHealEachOther() throws IOException {
    try (Cluster cluster = Cluster.started(directory);
        KvClient client = cluster.connect()) {
      put(client, 1, 10);
      handOver(cluster, client);
      put(client, 11, 100);
      cluster.nodes().forEach(NodeProcess::terminate);
      cluster.nodes().forEach(NodeProcess::exitCode);
      destroyBatchWith("value20", cluster.node(1));
      destroyBatchWith("value50", cluster.node(2));
      destroyBatchWith("value80", cluster.node(3));

      cluster.node(1).start();
      await("it recovers").until(() -> isRecovering(cluster.status(cluster.node(1))));
      cluster.startAll();
      cluster.awaitHealthy();

      long index = client.put("key101", "value101").modIndex();
      String hash = cluster.hashAt(cluster.node(1), index);
      for (NodeProcess node : cluster.nodes()) {
        assertThat(cluster.hashAt(node, index)).isEqualTo(hash);
        assertThat(node.log()).anyMatch(line -> line.contains("the log is whole again"));
        assertThat(node.dataDirectory()).isDirectoryContaining("glob:**damaged-segment-*");
      }
      for (int i : List.of(20, 50, 80)) {
        assertThat(String.valueOf(client.get("key" + i).entry())).contains("value" + i);
      }
    }
  }

  private static void put(KvClient client, int from, int to) {
    for (int i = from; i <= to; i++) {
      client.put("key" + i, "value" + i);
    }
  }

  /** Until another leads: a hand-over that takes too long is given up by the leader. */
  private static void handOver(Cluster cluster, KvClient client) {
    NodeProcess old = cluster.awaitLeader();
    int next = cluster.without(old).get(0).id();
    cluster.awaitValue(
        "another leader",
        () -> {
          client.cluster().transferLeadership(next).exceptionally(e -> null).join();
          NodeProcess leader = cluster.leader();
          return leader == old ? null : leader;
        });
  }

  private static boolean isRecovering(@Nullable StatusResponse status) {
    return status != null && status.getCondition().startsWith("recovering: entries ");
  }

  /** A sector with header and entry. */
  private static void destroyBatchWith(String text, NodeProcess node) throws IOException {
    Path segment = node.dataDirectory().resolve("segment-0000000001.wal");
    byte[] bytes = Files.readAllBytes(segment);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).as("%s holds %s", segment, text).isPositive();
    for (int i = at / SECTOR * SECTOR; i < (at / SECTOR + 1) * SECTOR; i++) {
      bytes[i] ^= (byte) 0x55;
    }
    Files.write(segment, bytes);
  }
}
