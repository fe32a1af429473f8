package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.client.KvException;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;

/** What SIGTERM and Ctrl-C promise: a hand-over that nobody notices, and a quick end. */
class StopIT {
  private static final long LIMIT_MILLIS = 2_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void leaderHandsOverAndEndsWithinTwoSeconds() {
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS)) {
      NodeProcess leader = cluster.awaitLeader();

      long millis = terminate(leader);

      assertThat(millis).isLessThan(LIMIT_MILLIS);
      NodeProcess successor = cluster.awaitLeaderOtherThan(leader);
      assertThat(String.join("\n", leader.log())).contains("handed over to " + successor.id());
      // It was asked to take over: no timeout, no lost connection made it campaign.
      assertThat(String.join("\n", successor.log()))
          .contains("handed over leadership: became candidate");
    }
  }

  @Test
  void followerEndsWithinTwoSecondsAndTheLeaderStays() {
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS)) {
      NodeProcess leader = cluster.awaitLeader();

      long millis = terminate(cluster.without(leader).get(0));

      assertThat(millis).isLessThan(LIMIT_MILLIS);
      assertThat(cluster.awaitLeader()).isEqualTo(leader);
    }
  }

  @Test
  void clusterOfOneEndsWithinTwoSeconds() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      NodeProcess node = cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        client.put("key1", "value1");
      }

      assertThat(terminate(node)).isLessThan(LIMIT_MILLIS);

      node.start();
      cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        assertThat(client.get("key1").found()).isTrue();
      }
    }
  }

  @Test
  void nodeWithoutMajorityEndsWithinTwoSeconds() {
    try (Cluster cluster = Cluster.of(3, directory)) {
      NodeProcess alone = cluster.node(1);
      alone.start();
      cluster.awaitValue("an answer of " + alone, () -> cluster.status(alone));

      assertThat(terminate(alone)).isLessThan(LIMIT_MILLIS);
    }
  }

  /** Clients write without pause while each node in turn is stopped and started again. */
  @Test
  void plannedRestartOfEveryNodeCostsNoUnknownOutcome() {
    try (Cluster cluster = Cluster.started(directory);
        Writers writers = new Writers(cluster)) {
      for (NodeProcess node : leaderFirst(cluster)) {
        writers.awaitWrites(cluster, 50);
        terminate(node);
        cluster.awaitLeader();
        writers.awaitWrites(cluster, 50);
        node.start();
        cluster.awaitHealthy();
      }
      writers.stop();

      assertThat(writers.failures).isEmpty();
      assertThat(writers.written.get()).isGreaterThan(300);
    }
  }

  private static List<NodeProcess> leaderFirst(Cluster cluster) {
    NodeProcess leader = cluster.awaitLeader();
    List<NodeProcess> order = new ArrayList<>(List.of(leader));
    order.addAll(cluster.without(leader));
    return order;
  }

  private static long terminate(NodeProcess node) {
    long start = System.nanoTime();
    node.terminate();
    int code = node.exitCode();
    assertThat(code).as("exit code of %s; %s", node, node.console()).isZero();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** Four clients in closed loops, each with its session. */
  private static final class Writers implements AutoCloseable {
    private static final int CLIENTS = 4;
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final AtomicInteger written = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    Writers(Cluster cluster) {
      for (int i = 0; i < CLIENTS; i++) {
        String key = "writer" + i;
        running.add(CompletableFuture.runAsync(() -> write(cluster, key), threads));
      }
    }

    private void write(Cluster cluster, String key) {
      try (KvClient client = cluster.connect()) {
        while (!stopping.get()) {
          try {
            client.put(key, "value" + written.get());
            written.incrementAndGet();
          } catch (KvException failure) {
            failures.add(failure.outcome() + " " + failure.reason() + ": " + failure.getMessage());
          }
        }
      }
    }

    void awaitWrites(Cluster cluster, int more) {
      int goal = written.get() + more;
      cluster.awaitValue(more + " more writes", () -> written.get() >= goal ? Boolean.TRUE : null);
    }

    void stop() {
      stopping.set(true);
      running.forEach(CompletableFuture::join);
    }

    @Override
    public void close() {
      stopping.set(true);
      threads.shutdown();
    }
  }
}
