package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.ClientConfig;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.KvValue;
import raftkv.client.ListPage;
import raftkv.client.PageRequest;
import raftkv.client.PutResult;
import raftkv.client.ReadMode;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.Installation;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.e2e.cluster.Program;

/**
 * Goal: what travels by a pipeline takes effect exactly once, whatever happens to the nodes.
 * Method: each key is put once, so that a version above 1 is a second application.
 */
class PipelineIT {
  private static final int KEYS = 6_000;
  private static final Pattern CLIENT_ID = Pattern.compile("--client-id (\\S+)");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void everyPutTakesEffectOnceAlthoughTwoLeadersAreKilled() {
    try (Cluster cluster = Cluster.started(directory);
        KvClient client = connect(cluster.endpoints())) {
      AtomicInteger done = new AtomicInteger();
      List<CompletableFuture<PutResult>> puts = puts(client, done);
      for (int kill = 1; kill <= 2; kill++) {
        int goal = kill * KEYS / 4;
        cluster.awaitValue("puts", () -> done.get() >= goal ? Boolean.TRUE : null);
        NodeProcess leader = cluster.awaitLeader();
        leader.kill();
        cluster.awaitLeaderOtherThan(leader);
        leader.start();
      }
      puts.forEach(CompletableFuture::join);

      assertThat(done.get()).isEqualTo(KEYS);
      assertEachWasPutOnce(client, KEYS);
      cluster.awaitHealthy();
    }
  }

  @Test
  void stoppedLeaderAnswersWhatItHasReadAndItsClientGoesOn() {
    try (Cluster cluster = Cluster.started(directory);
        KvClient client = connect(cluster.endpoints())) {
      AtomicInteger done = new AtomicInteger();
      List<CompletableFuture<PutResult>> puts = puts(client, done);
      cluster.awaitValue("puts", () -> done.get() >= KEYS / 4 ? Boolean.TRUE : null);
      NodeProcess leader = cluster.awaitLeader();
      long start = System.nanoTime();
      leader.terminate();
      int code = leader.exitCode();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      puts.forEach(CompletableFuture::join);

      assertThat(code).isZero();
      assertThat(millis).isLessThan(2_000);
      assertEachWasPutOnce(client, KEYS);
    }
  }

  @Test
  void followerForwardsWhatItIsSent() {
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS)) {
      NodeProcess follower = cluster.without(cluster.awaitLeader()).get(0);
      try (KvClient pinned = connect(List.of(follower.endpoint()))) {
        List<CompletableFuture<PutResult>> puts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          puts.add(pinned.async().put(key(i), KvValue.of("v")));
        }
        puts.forEach(put -> assertThat(put.join().by().nodeId()).isEqualTo(follower.id()));

        assertThat(pinned.async().get(key(499), ReadMode.LINEARIZABLE).join().found()).isTrue();
        assertEachWasPutOnce(pinned, 500);
      }
    }
  }

  /** The command is killed in the middle, and given its client id again. */
  @Test
  void interruptedLoadGoesOnWhereItStopped() throws IOException, InterruptedException {
    try (Cluster cluster = Cluster.started(directory);
        KvClient client = connect(cluster.endpoints())) {
      Path file = directory.resolve("entries");
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 40_000; i++) {
        lines.add(key(i) + " value " + i);
      }
      Files.write(file, lines);
      Path said = directory.resolve("said");
      String endpoints = String.join(",", cluster.endpoints());
      List<String> load =
          List.of(
              Installation.launcher("kv-cli").toString(),
              "load",
              "--endpoints",
              endpoints,
              file.toString());
      Process first = new ProcessBuilder(load).redirectError(said.toFile()).start();
      cluster.awaitValue(
          "the first keys",
          () -> client.count("k", ReadMode.LINEARIZABLE).count() > 500 ? Boolean.TRUE : null);
      first.destroyForcibly().waitFor();
      long left = client.count("k", ReadMode.LINEARIZABLE).count();
      Matcher id = CLIENT_ID.matcher(Files.readString(said));
      assertThat(id.find()).isTrue();

      List<String> again = new ArrayList<>(load);
      again.addAll(List.of("--client-id", id.group(1)));
      Program second = Program.run(directory, Map.of(), Duration.ofMinutes(2), again);

      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.out()).contains("40000 of 40000 entries stored, ");
      assertThat(left).as("killed before its end").isLessThan(40_000);
      assertEachWasPutOnce(client, 40_000);
    }
  }

  private static KvClient connect(List<String> endpoints) {
    return KvClient.connect(
        ClientConfig.of(endpoints).withTimeout(Duration.ofSeconds(30)).withMaxInFlight(300));
  }

  private static List<CompletableFuture<PutResult>> puts(KvClient client, AtomicInteger done) {
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      puts.add(
          client
              .async()
              .put(key(i), KvValue.of("value"))
              .whenComplete((result, failure) -> done.incrementAndGet()));
    }
    return puts;
  }

  private static String key(int number) {
    return "k" + number;
  }

  private static void assertEachWasPutOnce(KvClient client, int count) {
    int seen = 0;
    String token = "";
    do {
      ListPage page =
          client.list(
              new PageRequest("k", 1_000, token, PageRequest.Part.KEYS), ReadMode.LINEARIZABLE);
      assertThat(page.entries()).allMatch(PipelineIT::isFirstVersion);
      seen += page.entries().size();
      token = page.nextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(count);
  }

  private static boolean isFirstVersion(KvEntry entry) {
    return entry.version() == 1;
  }
}
