package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;

/** How servers start, are refused, lose each other, and end. */
@Timeout(120)
class ServerLifeTest {
  private static final String PUT = "kv.v1.KvService/Put";
  private static final String GET = "kv.v1.KvService/Get";
  private static final String STATUS = "kv.v1.ClusterService/Status";

  @TempDir Path directory;

  @Test
  void nodeWithoutPeersServesAtOnceAndKeepsItsData() throws Exception {
    try (LocalCluster alone = new LocalCluster(directory, 1)) {
      alone.start(1);
      put(alone, 1, "k", "v");
      alone.stop(1);
      alone.start(1);

      assertThat(value(alone, 1, "k")).isEqualTo("v");
      assertThat(alone.failures).isEmpty();
    }
  }

  @Test
  void clusterServesOnWithoutItsLeaderAndTakesItBack() throws Exception {
    try (LocalCluster cluster = new LocalCluster(directory, 3).start()) {
      put(cluster, 1, "before", "1");
      int leader = field(cluster, 1, "leaderId");
      int other = leader % 3 + 1;

      cluster.stop(leader);
      put(cluster, other, "after", "2");
      cluster.start(leader);

      for (int node = 1; node <= 3; node++) {
        assertThat(value(cluster, node, "before")).isEqualTo("1");
        assertThat(value(cluster, node, "after")).isEqualTo("2");
      }
      assertThat(cluster.failures).isEmpty();
    }
  }

  @Test
  void newClusterWaitsForAllItsMembersAndSaysSo() throws Exception {
    try (LocalCluster cluster = new LocalCluster(directory, 3)) {
      cluster.start(1);
      cluster.start(2);

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(cluster, 1, "condition").contains("waiting for members 3"));
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> put(cluster, 1, "too", "early"));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(cluster.client(1).details(refused, "kv.v1.KvService"))
          .contains("NOT_READY", "NOT_APPLIED", "waiting for members 3");

      cluster.start(3);
      put(cluster, 1, "now", "fine");
    }
  }

  @Test
  void directoryIsHeldByOneServerAndBelongsToOneNode() {
    try (LocalCluster cluster = new LocalCluster(directory, 3)) {
      cluster.start(1);

      StorageFailure second =
          catchThrowableOfType(
              StorageFailure.class,
              () -> Server.start(cluster.config(1), cluster.around(), () -> {}));
      String mine = directory.resolve("node1").toString();
      cluster.stop(1);
      StorageFailure foreign =
          catchThrowableOfType(
              StorageFailure.class,
              () -> Server.start(otherNode(cluster, mine), cluster.around(), () -> {}));

      assertThat(second.exitCode()).isEqualTo(ExitCode.IDENTITY);
      assertThat(foreign.exitCode()).isEqualTo(ExitCode.IDENTITY);
    }
  }

  @Test
  void takenPortIsOneSentence() throws Exception {
    try (LocalCluster cluster = new LocalCluster(directory, 1);
        ServerSocket taken =
            new ServerSocket(
                cluster.ports.get(0), 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      StartFailure failure = catchThrowableOfType(StartFailure.class, () -> cluster.start(1));

      assertThat(taken.isBound()).isTrue();
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("port " + cluster.ports.get(0));
    }
  }

  @Test
  void optionsThatContradictTheClustersLimitsAreRefused() throws Exception {
    try (LocalCluster alone = new LocalCluster(directory, 1)) {
      alone.start(1, "--max-sessions", "50");
      put(alone, 1, "k", "v");
      alone.stop(1);

      StartFailure failure =
          catchThrowableOfType(StartFailure.class, () -> alone.start(1, "--max-sessions", "60"));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(failure).hasMessageContaining("max sessions 50");
      assertThat(failure).hasMessageContaining("60");
      alone.start(1);
      assertThat(value(alone, 1, "k")).isEqualTo("v");
    }
  }

  private static raftkv.config.ServerConfig otherNode(LocalCluster cluster, String dataDirectory) {
    raftkv.config.ServerConfig two = cluster.config(2);
    return new raftkv.config.ServerConfig(
        two.self(),
        two.port(),
        two.peers(),
        two.listen(),
        two.advertise(),
        Path.of(dataDirectory),
        two.logLevel(),
        two.logTarget(),
        two.times(),
        two.snapshots(),
        two.sessions());
  }

  private static void put(LocalCluster cluster, int node, String key, String value)
      throws Exception {
    cluster.client(node).call(PUT, "{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}");
  }

  private static String value(LocalCluster cluster, int node, String key) throws Exception {
    return parsed(cluster.client(node).call(GET, "{\"key\":\"" + key + "\"}"))
        .getFieldsOrDefault("value", Value.getDefaultInstance())
        .getStringValue();
  }

  private static int field(LocalCluster cluster, int node, String name) throws Exception {
    return (int)
        parsed(cluster.client(node).call(STATUS, "{}")).getFieldsOrThrow(name).getNumberValue();
  }

  private static String status(LocalCluster cluster, int node, String name) throws Exception {
    return parsed(cluster.client(node).call(STATUS, "{}"))
        .getFieldsOrDefault(name, Value.getDefaultInstance())
        .getStringValue();
  }

  private static Struct parsed(String json) throws Exception {
    Struct.Builder answer = Struct.newBuilder();
    JsonFormat.parser().merge(json, answer);
    return answer.build();
  }
}
