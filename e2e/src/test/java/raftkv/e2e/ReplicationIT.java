package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.ClientConfig;
import raftkv.client.GetResult;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.KvException;
import raftkv.client.KvValue;
import raftkv.client.ListPage;
import raftkv.client.PageRequest;
import raftkv.client.ReadMode;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: every write reaches every node, also those that were away while it was made. Method: keys
 * key1, key2, ... written to three processes; state hashes compared at one log index.
 */
class ReplicationIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private Cluster cluster;
  private KvClient client;

  @BeforeEach
  void start() {
    cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS);
    client = cluster.connect();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void hundredKeysReachThreeNodesWithEqualHashes() {
    long index = putKeys(1, 100);

    assertEqualHashes(index);
    cluster.nodes().forEach(node -> assertHolds(node, 100, index));
  }

  @Test
  void offlineFollowerCatchesUp() {
    NodeProcess follower = cluster.without(cluster.awaitLeader()).get(0);
    putKeys(1, 50);
    follower.kill();
    long index = putKeys(51, 100);
    follower.start();
    cluster.awaitHealthy();

    assertEqualHashes(index);
    assertHolds(follower, 100, index);
  }

  /** Stopped, it keeps its connections and hears nothing: so does a node behind a cut network. */
  @Test
  void partitionedFollowerCatchesUpAndDisturbsNobody() {
    NodeProcess leader = cluster.awaitLeader();
    NodeProcess follower = cluster.without(leader).get(0);
    long term = statusOf(leader).getTerm();
    putKeys(1, 50);
    follower.pause();
    long index = putKeys(51, 150);
    follower.resume();
    cluster.awaitHealthy();

    assertEqualHashes(index);
    assertHolds(follower, 150, index);
    assertThat(cluster.awaitLeader()).isEqualTo(leader);
    assertThat(statusOf(leader).getTerm()).isEqualTo(term);
  }

  /**
   * A read is sent to a stopped leader, the others choose a new one and change the key: when the
   * old one goes on, it must not answer from what it was sure of before.
   */
  @Test
  void stoppedLeaderStepsDownAndServesNoStaleRead() {
    NodeProcess old = cluster.awaitLeader();
    client.put("key1", "old");
    try (KvClient pinned = Cluster.connectTo(old)) {
      assertThat(text(pinned.get("key1"))).isEqualTo("old");
      old.pause();
      CompletableFuture<GetResult> read = pinned.async().get("key1", ReadMode.LINEARIZABLE);
      NodeProcess successor = cluster.awaitLeaderOtherThan(old);
      client.put("key1", "new");
      old.resume();

      assertThat(text(read.join())).isEqualTo("new");
      cluster.awaitHealthy();
      assertThat(statusOf(old).getTerm()).isEqualTo(statusOf(successor).getTerm());
      assertThat(statusOf(old).getRole()).isEqualTo(Role.ROLE_FOLLOWER);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesTheEndOfAllProcesses() {
    long index = putKeys(1, 100);
    cluster.nodes().forEach(NodeProcess::kill);
    cluster.startAll();
    cluster.awaitHealthy();

    assertEqualHashes(index);
    cluster.nodes().forEach(node -> assertHolds(node, 100, index));
  }

  @Test
  void minorityServesNothingThatItCannotBeSureOf() {
    putKeys(1, 10);
    NodeProcess leader = cluster.awaitLeader();
    cluster.without(leader).forEach(NodeProcess::kill);
    var config = ClientConfig.of(List.of(leader.endpoint())).withTimeout(Duration.ofSeconds(1));

    try (KvClient pinned = KvClient.connect(config)) {
      assertThat(pinned.get("key1", ReadMode.STALE).found()).isTrue();
      assertRefused(() -> pinned.get("key1"));
      assertRefused(() -> pinned.put("key1", "minority"));
    }
  }

  private static void assertRefused(Runnable call) {
    assertThat(catchThrowable(call::run)).isInstanceOf(KvException.class);
  }

  /** Returns the log index of the last one. */
  private long putKeys(int from, int to) {
    List<CompletableFuture<Long>> indexes =
        IntStream.rangeClosed(from, to)
            .mapToObj(i -> client.async().put("key" + i, KvValue.of("value" + i)))
            .map(put -> put.thenApply(result -> result.modIndex()))
            .toList();
    return indexes.stream().mapToLong(CompletableFuture::join).max().orElse(0);
  }

  private void assertEqualHashes(long index) {
    List<String> hashes =
        cluster.nodes().stream().map(node -> cluster.hashAt(node, index)).toList();
    assertThat(hashes).hasSize(3).doesNotContain("").allMatch(hashes.get(0)::equals);
  }

  /** From that node's own state, at the given index. */
  private static void assertHolds(NodeProcess node, int keys, long index) {
    try (KvClient own = Cluster.connectTo(node)) {
      ReadMode mode = ReadMode.staleFrom(index);
      ListPage page = own.list(new PageRequest("key", 1_000, "", PageRequest.Part.ENTRIES), mode);

      assertThat(own.count("", mode).count()).isEqualTo(keys);
      assertThat(page.entries()).hasSize(keys);
      assertThat(page.entries()).allMatch(ReplicationIT::hasItsValue);
      assertThat(page.by().nodeId()).isEqualTo(node.id());
    }
  }

  private static boolean hasItsValue(KvEntry entry) {
    return entry.value().toText().equals(entry.key().replace("key", "value"));
  }

  private StatusResponse statusOf(NodeProcess node) {
    return cluster.awaitValue("status of " + node, () -> cluster.status(node));
  }

  private static String text(GetResult result) {
    KvEntry entry = result.entry();
    return entry == null ? "absent" : entry.value().toText();
  }
}
