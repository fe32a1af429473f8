package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.Installation;
import raftkv.e2e.cluster.Program;

/** What the shell is told when it cannot take a command's output. */
class OutputIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path FULL = Path.of("/dev/full");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void outputThatCannotBeWrittenIsOneSentenceAndACode() {
    assumeThat(FULL).exists();
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        client.put("k", "v".repeat(100_000));
      }

      Program disk = shell(cluster, "\"$0\" list > " + FULL);
      Program reader = shell(cluster, "{ \"$0\" list; echo $? >&2; } | head -c 1");

      assertThat(disk.exitCode()).isEqualTo(3);
      assertThat(disk.err()).isEqualTo("kv-cli: the output could not be written to its end\n");
      assertThat(reader.out()).isEqualTo("k");
      assertThat(reader.err()).isEqualTo("kv-cli: the output could not be written to its end\n3\n");
    }
  }

  private Program shell(Cluster cluster, String script) {
    Map<String, String> environment = Map.of("KV_ENDPOINTS", String.join(",", cluster.endpoints()));
    String launcher = Installation.launcher("kv-cli").toString();
    return Program.run(directory, environment, LIMIT, List.of("sh", "-c", script, launcher));
  }
}
