package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.client.KvValue;
import raftkv.client.PutResult;
import raftkv.client.WriteOptions;
import raftkv.client.session.RequestId;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.SnapshotResponse;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: the log does not grow for ever, and who needs what is gone from it gets a snapshot. Method:
 * three processes that take a snapshot behind every megabyte of log, and values that are written
 * over and over.
 */
class SnapshotIT {
  private static final String VALUE = "v".repeat(8 << 10);
  private static final int AT_ONCE = 32;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private Cluster cluster;
  private KvClient client;

  @BeforeEach
  void start() {
    List<String> options = new ArrayList<>(Cluster.PATIENT_ELECTIONS);
    options.addAll(List.of("--snapshot-log-bytes", "1000000", "--retained-log-bytes", "100000"));
    cluster = Cluster.started(directory, options);
    client = cluster.connect();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void followerThatMissedWhatIsGoneFromTheLogCatchesUpBySnapshot() {
    WriteOptions once = WriteOptions.DEFAULT.withId(new RequestId("me", 1), null);
    PutResult first = client.put("once", KvValue.of("first"), once);
    NodeProcess follower = cluster.without(cluster.awaitLeader()).get(0);
    follower.kill();
    long index = overwrite(4_096);
    assertThat(status(cluster.awaitLeader()).getFirstLogIndex()).isGreaterThan(1_000);

    follower.start();

    NodeProcess leader = cluster.awaitHealthy();
    assertThat(cluster.hashAt(follower, index)).isEqualTo(cluster.hashAt(leader, index));
    assertThat(follower.log()).anyMatch(line -> line.contains("a snapshot arrives from"));
    assertThat(follower.log()).anyMatch(line -> line.contains("state restored from a snapshot"));
    assertThat(status(follower).getStanding()).isEqualTo("member");
    assertThat(status(follower).getSnapshotIndex()).isGreaterThan(1_000);
    leadByForce(follower);
    PutResult again = client.put("once", KvValue.of("first"), once);
    assertThat(again.modIndex()).isEqualTo(first.modIndex());
    assertThat(again.by().deduplicated()).isTrue();
    assertThat(again.version()).isEqualTo(1);
  }

  @Test
  void diskUseFollowsLiveDataAndNotWhatWasWritten() {
    long index = overwrite(12_000);

    for (NodeProcess node : cluster.nodes()) {
      cluster.hashAt(node, index);
      assertThat(status(node).getSnapshotIndex()).isGreaterThan(8_000);
      assertThat(bytesOn(node)).as("of " + (12_000L * VALUE.length())).isLessThan(88 << 20);
    }
  }

  @Test
  void snapshotOnDemandSurvivesARestartOfAllNodes() {
    long index = overwrite(100);
    for (NodeProcess node : cluster.nodes()) {
      cluster.hashAt(node, index);
      SnapshotResponse taken =
          client.cluster().snapshot(node.id() - 1, Duration.ofSeconds(20)).join();
      assertThat(taken.getIndex()).isGreaterThanOrEqualTo(index);
      assertThat(taken.getStateHash()).isEqualTo(cluster.hashAt(node, taken.getIndex()));
    }

    cluster.nodes().forEach(NodeProcess::kill);
    cluster.startAll();
    NodeProcess leader = cluster.awaitHealthy();

    assertThat(client.get("k5").found()).isTrue();
    for (NodeProcess node : cluster.nodes()) {
      assertThat(node.log()).anyMatch(line -> line.contains("snapshot restored: last="));
    }
    long after = client.put("after", "restart").modIndex();
    assertThat(cluster.hashAt(leader, after))
        .isEqualTo(cluster.hashAt(cluster.without(leader).get(0), after));
  }

  /** So many writes over ten keys; the index of the last. */
  private long overwrite(int writes) {
    List<CompletableFuture<PutResult>> underWay = new ArrayList<>();
    long last = 0;
    for (int i = 0; i < writes; i++) {
      underWay.add(client.async().put("k" + i % 10, KvValue.of(i + VALUE)));
      if (underWay.size() == AT_ONCE || i == writes - 1) {
        for (CompletableFuture<PutResult> put : underWay) {
          last = Math.max(last, put.join().modIndex());
        }
        underWay.clear();
      }
    }
    return last;
  }

  private void leadByForce(NodeProcess next) {
    client.cluster().transferLeadership(next.id()).join();
    cluster.awaitValue("that node leads", () -> cluster.leader() == next ? next : null);
  }

  private StatusResponse status(NodeProcess node) {
    return cluster.awaitValue("a status of " + node, () -> cluster.status(node));
  }

  private static long bytesOn(NodeProcess node) {
    try (Stream<Path> files = Files.list(node.dataDirectory())) {
      return files.mapToLong(SnapshotIT::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
