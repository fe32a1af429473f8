package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.client.KvException;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.e2e.cluster.SmallDisk;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: what a disk does to a node never costs an answered write, and seldom the service. Method:
 * each node has a small file system of its own, which is filled, frozen, or made to fail.
 */
class DiskFaultsIT {
  private static final int WRITE_FAILED = 15;
  private static final int DISK_MEGABYTES = 128;

  /** Less than a segment. */
  private static final int NEARLY_FULL_MEGABYTES = 10;

  private static final Pattern TELLING =
      Pattern.compile(
          "^\\d{4}-.* (WARN|ERROR|FATAL) .*|^\\d{4}-.*(elected leader|stepping down|handing)");

  private static final int MOST_LINES = 6;
  private static final String VALUE = "v".repeat(200_000);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final List<SmallDisk> disks = new ArrayList<>();
  private Cluster cluster;
  private KvClient client;

  @BeforeEach
  void mount() {
    String missing = SmallDisk.missing(directory);
    assumeTrue(missing == null, missing);
    cluster = Cluster.of(3, directory);
    client = cluster.connect();
  }

  @AfterEach
  void unmount() {
    disks.forEach(SmallDisk::maybeThaw);
    if (cluster != null) {
      client.close();
      cluster.close();
    }
    disks.forEach(SmallDisk::close);
  }

  @Test
  void fullDisksRefuseWritesUntilThereIsRoomAgain() {
    startOnDisksOfTheirOwn();
    client.put("first", "1");
    NodeProcess old = cluster.awaitLeader();
    Instant began = Instant.now();
    disk(old).fillTo(NEARLY_FULL_MEGABYTES);

    putUntil(() -> condition(old).equals("disk full"));
    NodeProcess leader = cluster.awaitLeaderOtherThan(old);
    client.put("second", "2");
    assertThat(old.log()).anyMatch(line -> line.contains("disk is full"));

    cluster.without(old).forEach(node -> disk(node).fillTo(NEARLY_FULL_MEGABYTES));
    KvException refused = putUntilRefused();
    assertThat(refused.reason()).isEqualTo("DISK_FULL");
    assertThat(refused.outcome().toString()).isEqualTo("NOT_APPLIED");
    assertThat(client.get("second").found()).isTrue();
    assertThat(client.delete("first").found()).isTrue();

    disks.forEach(SmallDisk::makeRoom);
    await("service without a restart")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(KvException.class)
        .untilAsserted(() -> client.put("third", "3"));
    assertThat(cluster.nodes()).allMatch(NodeProcess::isRunning);
    assertThat(leader.isRunning()).isTrue();
    tell("a full disk, then three", began);
  }

  /** Hazard 15: heartbeats go on while the disk hangs. */
  @Test
  void hungDiskEndsTheLeadershipWithinTwoSeconds() {
    startOnDisksOfTheirOwn();
    client.put("a", "1");
    NodeProcess old = cluster.awaitLeader();
    Instant began = Instant.now();
    disk(old).freeze();

    client.put("b", "2");
    NodeProcess leader = cluster.awaitLeaderOtherThan(old);
    long millis = Duration.between(began, Instant.now()).toMillis();

    assertThat(millis).as("hung for a second, then handed over").isLessThan(2_000);
    await("it says why").until(() -> condition(old).equals("disk hangs"));
    client.put("c", "3");
    disk(old).thaw();
    await("in contact again").until(() -> condition(old).isEmpty());
    assertThat(old.log()).anyMatch(line -> line.contains("disk hangs"));
    assertThat(leader.isRunning()).isTrue();
    tell("a disk that hangs (fsfreeze)", began);
  }

  /** Hazard 76: no second try. What was answered before is there after a start. */
  @Test
  void failedForceEndsTheNodeWithItsCode() {
    startOnDisksOfTheirOwn();
    client.put("a", "1");
    NodeProcess old = cluster.awaitLeader();
    Instant began = Instant.now();
    disk(old).abort();

    client.put("b", "2");

    assertThat(old.exitCode()).isEqualTo(WRITE_FAILED);
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(String.join("\n", old.console())).containsAnyOf("force of", "write of");
    cluster.awaitLeaderOtherThan(old);
    assertThat(client.get("a").found()).isTrue();
    assertThat(client.get("b").found()).isTrue();
    tell("a file system that turns read-only", began);
  }

  /** Whoever stops a node because its disk behaves oddly has to hear of it. */
  @Test
  void nodeThatIsStoppedOnAFailedDiskSaysSo() {
    startOnDisksOfTheirOwn();
    client.put("a", "1");
    NodeProcess old = cluster.awaitLeader();
    disk(old).abort();

    old.terminate();

    assertThat(old.exitCode()).isEqualTo(WRITE_FAILED);
    assertThat(String.join("\n", old.console())).contains("kv-server: ").contains("failed: ");
    cluster.awaitLeaderOtherThan(old);
    assertThat(client.get("a").found()).isTrue();
  }

  /** The image of the disk lies in too small a memory: blocks that were promised cannot be kept. */
  @Test
  void failingDiskEndsTheNodeAndLosesNothing() {
    SmallDisk memory = SmallDisk.tmpfs(directory.resolve("memory"), 200);
    SmallDisk failing =
        SmallDisk.ext4(memory.mountPoint().resolve("img"), directory.resolve("node1"), 256);
    disks.addAll(List.of(failing, memory));
    cluster.startAll();
    cluster.awaitHealthy();
    client.put("a", "1");
    Instant began = Instant.now();
    memory.fillTo(0);

    int written = putUntil(() -> !cluster.node(1).isRunning());

    assertThat(cluster.node(1).exitCode()).isEqualTo(WRITE_FAILED);
    tell("a disk that fails", began);
    memory.makeRoom();
    failing.remount();
    cluster.node(1).start();
    cluster.awaitHealthy();
    long index = client.put("z", "1").modIndex();
    String hash = cluster.hashAt(cluster.node(1), index);
    assertThat(hash).isEqualTo(cluster.hashAt(cluster.node(2), index));
    assertThat(written).isPositive();
  }

  /** Shows what the nodes said of it, and when. */
  private void tell(String fault, Instant began) {
    System.out.println("disk fault: " + fault);
    for (NodeProcess node : cluster.nodes()) {
      node.console().stream()
          .filter(line -> TELLING.matcher(line).find())
          .filter(line -> timeOf(line).isAfter(began))
          .limit(MOST_LINES)
          .forEach(
              line ->
                  System.out.printf(
                      Locale.ROOT,
                      "  %+6d ms  %s %s%n",
                      Duration.between(began, timeOf(line)).toMillis(),
                      node,
                      line.substring(line.indexOf(' '))));
    }
  }

  private static Instant timeOf(String line) {
    return Instant.parse(line.substring(0, line.indexOf(' ')));
  }

  private void startOnDisksOfTheirOwn() {
    for (NodeProcess node : cluster.nodes()) {
      disks.add(
          SmallDisk.ext4(
              directory.resolve("disk" + node.id()), node.dataDirectory(), DISK_MEGABYTES));
    }
    cluster.startAll();
    cluster.awaitHealthy();
  }

  private SmallDisk disk(NodeProcess node) {
    return disks.get(node.id() - 1);
  }

  private String condition(NodeProcess node) {
    StatusResponse status = cluster.status(node);
    return status == null ? "no answer" : status.getCondition();
  }

  /** Writes until that holds; each write has to be answered. */
  private int putUntil(BooleanSupplier holds) {
    for (int i = 0; i < 1_000; i++) {
      if (holds.getAsBoolean()) {
        return i;
      }
      client.put("k" + i % 10, VALUE + i);
    }
    throw new AssertionError("not within 200 MB");
  }

  private KvException putUntilRefused() {
    for (int i = 0; i < 1_000; i++) {
      String value = VALUE + i;
      KvException refused = catchThrowableOfType(KvException.class, () -> client.put("k", value));
      if (refused != null) {
        return refused;
      }
    }
    throw new AssertionError("not within 200 MB");
  }
}
