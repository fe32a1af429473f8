package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.client.KvValue;
import raftkv.client.PutResult;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.Installation;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.e2e.cluster.Program;

/** Each way to start a node wrongly ends at once, with one sentence and the documented code. */
class BadStartsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final List<Integer> ports = Installation.freePorts(3);

  @Test
  void portIsTaken() throws IOException {
    int port = ports.get(0);
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      Program ended = start("--id", "1", "--port", Integer.toString(taken.getLocalPort()));

      assertEndsWith(ended, 10, Integer.toString(port));
    }
  }

  @Test
  void idContradictsPeers() {
    Program ended = start("--id", "2", "--port", port(0), "--peers", port(1) + "," + port(2));

    assertEndsWith(ended, 2, "--id 2 contradicts");
  }

  @Test
  void ownAddressIsNamedTwice() {
    Program ended = start("--id", "1", "--port", port(0), "--peers", port(0) + "," + port(0));
    Program other =
        start(
            "--id",
            "1",
            "--port",
            port(0),
            "--peers",
            "1=localhost:" + port(0) + ",2=localhost:" + port(0));

    assertEndsWith(ended, 2, "twice");
    assertEndsWith(other, 2, "twice");
  }

  @Test
  void optionIsUnknown() {
    assertEndsWith(start("--id", "1", "--port", port(0), "--colour", "red"), 2, "--colour");
  }

  @Test
  void portIsOutOfRange() {
    assertEndsWith(start("--id", "1", "--port", "99999"), 2, "99999");
  }

  @Test
  void requiredOptionIsMissing() {
    assertEndsWith(start("--port", port(0)), 2, "--id");
  }

  /** A file where a directory is needed: not even root can write there. */
  @Test
  void directoryCannotBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");

    Program ended = startIn(file.resolve("node1"), "1", 0);

    assertEndsWith(ended, 10, file.toString());
  }

  @Test
  void directoryIsInUse() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      NodeProcess first = cluster.awaitLeader();

      Program second = startIn(first.dataDirectory(), "1", 1);

      assertEndsWith(second, 11, first.dataDirectory().toString());
      assertThat(first.isRunning()).isTrue();
    }
  }

  @Test
  void directoryBelongsToAnotherNode() {
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      NodeProcess node = cluster.awaitLeader();
      node.kill();

      assertEndsWith(startIn(node.dataDirectory(), "2", 1), 11, "node 1");
    }
  }

  @Test
  void logIsDamagedInTheMiddle() throws IOException {
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      NodeProcess node = cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        for (int i = 1; i <= 300; i++) {
          PutResult stored = client.put("key" + i, "value" + i);
          assertThat(stored.modIndex()).isPositive();
        }
        client.async().put("last", KvValue.of("value")).join();
      }
      node.kill();
      Path damaged = flipAByteInTheMiddle(node.dataDirectory());

      Program ended = startIn(node.dataDirectory(), "1", 0);

      assertEndsWith(ended, 12, damaged.getFileName().toString());
    }
  }

  @Test
  void helpAndVersionEndWell() {
    Program help = start("--help");
    Program version = start("--version");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("--data-dir").contains("Exit codes");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).isNotBlank();
  }

  private String port(int index) {
    return Integer.toString(ports.get(index));
  }

  private Program startIn(Path data, String id, int port) {
    return start("--id", id, "--port", port(port), "--data-dir", data.toString());
  }

  private Program start(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Installation.launcher("kv-server").toString());
    command.addAll(Arrays.asList(options));
    return Program.run(directory, Map.of("KV_HEAP", "64m"), LIMIT, command);
  }

  /** The code, one sentence that names the trouble, and no stack trace. */
  private static void assertEndsWith(Program ended, int code, String named) {
    assertThat(ended.exitCode()).as("%s", ended).isEqualTo(code);
    assertThat(ended.lastErrorLine()).as("%s", ended).contains(named);
    assertThat(ended.out() + ended.err()).doesNotContain("\tat ");
  }

  /** In the file that holds it: a value that was acknowledged long before the last one. */
  private static Path flipAByteInTheMiddle(Path data) throws IOException {
    byte[] value = "value150".getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int found = indexOf(bytes, value);
        if (found >= 0) {
          bytes[found] ^= 1;
          Files.write(file, bytes);
          return file;
        }
      }
    }
    throw new AssertionError("no file below " + data + " holds value150");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
