package raftkv.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.client.KvException;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: a node that loses its disk is a member again by itself, one after the other, without a
 * write lost or doubled; and where more disks are gone than that, nobody serves. Method: under
 * load, a node is killed, its directory deleted, and started again; the leader has its turn too.
 * The number of times is the system property {@code wipes}; 2 unless told.
 */
class WipeRunIT {
  private static final int WIPES = Integer.getInteger("wipes", 2);
  private static final int WRITES_BETWEEN = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void nodesThatLoseTheirDisksInTurnCountAgainAndNothingIsLost() throws IOException {
    long start = System.nanoTime();
    List<Long> millis = new ArrayList<>();
    int leaders = 0;
    try (Cluster cluster = Cluster.started(directory);
        Load load = Load.start(cluster)) {
      for (int i = 0; i < WIPES; i++) {
        load.awaitProgress(WRITES_BETWEEN);
        // Every second time whoever leads.
        NodeProcess leader = cluster.awaitHealthy();
        NodeProcess victim = i % 2 == 0 ? leader : cluster.node(i / 2 % 3 + 1);
        leaders += victim == leader ? 1 : 0;
        millis.add(millisUntilItCounts(cluster, victim));
      }
      Verdict verdict = Verdict.of(cluster, load);

      verdict.tell(story(millis, leaders, start), "wipe-run.txt");
      verdict.mustHold();
      assertThat(load.tally().acks()).isGreaterThan(100L * WIPES);
    }
  }

  /** From the start of its process. */
  private static long millisUntilItCounts(Cluster cluster, NodeProcess victim) {
    victim.kill();
    victim.wipe();
    long start = System.nanoTime();
    victim.start();
    await(victim + " is a member")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> says(victim, "counts: ") && isMember(cluster.status(victim)));
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static boolean isMember(@Nullable StatusResponse status) {
    return status != null && status.getStanding().equals("member");
  }

  private static String story(List<Long> millis, int leaders, long start) {
    List<Long> sorted = millis.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        """
        wipe run: %d disks lost, %d of them the leader's, %d s
          counts again  median %d ms, worst %d ms after the start of its process
        """,
        millis.size(),
        leaders,
        (System.nanoTime() - start) / 1_000_000_000,
        sorted.get(sorted.size() / 2),
        Collections.max(millis));
  }

  @Test
  void twoOfThreeThatLostTheirDisksDoNotServeUntilOneOfThemIsBack() throws IOException {
    try (Cluster cluster = Cluster.started(directory);
        KvClient client = cluster.connect()) {
      client.put("key", "value");
      cluster.nodes().forEach(NodeProcess::kill);
      NodeProcess found = cluster.node(1);
      Path disk = Files.move(found.dataDirectory(), directory.resolve("lost-and-found"));
      cluster.node(3).wipe();

      cluster.startAll();

      cluster.nodes().forEach(WipeRunIT::assertThatItRefusesAndSaysWhy);
      assertThat(cluster.leader()).isNull();

      found.kill();
      found.wipe();
      Files.move(disk, found.dataDirectory());
      found.start();
      cluster.awaitHealthy();
      assertThat(String.valueOf(client.get("key").entry())).contains("value");
      assertThat(client.put("key", "again").version()).isEqualTo(2);
    }
  }

  private static void assertThatItRefusesAndSaysWhy(NodeProcess node) {
    await(node + " says why")
        .atMost(PATIENCE)
        .until(() -> says(node, "WARN  no leader can ever be elected"));
    var config = ClientConfig.of(List.of(node.endpoint())).withTimeout(Duration.ofSeconds(2));
    try (KvClient pinned = KvClient.connect(config)) {
      assertRefused(() -> pinned.get("key"));
      assertRefused(() -> pinned.put("key", "amnesia"));
    }
  }

  private static boolean says(NodeProcess node, String text) {
    return node.log().stream().anyMatch(line -> line.contains(text));
  }

  private static void assertRefused(Runnable call) {
    assertThat(catchThrowable(call::run)).isInstanceOf(KvException.class);
  }
}
