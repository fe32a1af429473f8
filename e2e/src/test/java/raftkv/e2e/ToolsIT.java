package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.Installation;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.e2e.cluster.Program;

/** The tools that look into a data directory, as a person calls them. */
class ToolsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void aDirectoryIsLookedIntoWhileItsNodeRunsAndAfterItDied() throws IOException {
    try (Cluster cluster = Cluster.of(1, directory)) {
      cluster.startAll();
      NodeProcess node = cluster.awaitLeader();
      try (KvClient client = cluster.connect()) {
        for (int i = 1; i <= 20; i++) {
          assertThat(client.put("key" + i, "value" + i).modIndex()).isPositive();
        }
      }
      String data = node.dataDirectory().toString();

      Program running = tool("verify", data);
      assertThat(node.isRunning()).isTrue();
      node.kill();
      Program dead = tool("verify", data);

      assertThat(running.exitCode()).as("%s", running).isZero();
      assertThat(dead.exitCode()).as("%s", dead).isZero();
      // The log knows what is committed a write later: the last put is there, not yet applied.
      assertThat(dead.out()).contains(" entries=21 ").containsPattern(" keys=(19|20) ");
      assertThat(dead.out()).endsWith("result faults=0 intact\n");
    }
  }

  @Test
  void whatIsMissingOrForeignIsOneLineAndAStatus() throws IOException {
    Path foreign = Files.createDirectory(directory.resolve("foreign"));

    Program missing = tool("wal-dump", directory.resolve("missing").toString());
    Program notOurs = tool("verify", foreign.toString());

    assertThat(missing.exitCode()).isEqualTo(10);
    assertThat(missing.err().lines()).hasSize(1);
    assertThat(notOurs.exitCode()).isEqualTo(11);
    assertThat(notOurs.err().lines()).hasSize(1);
    try (var files = Files.list(foreign)) {
      assertThat(files).isEmpty();
    }
  }

  private Program tool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Installation.launcher("kv-server").toString());
    command.addAll(List.of(arguments));
    return Program.run(directory, Map.of("KV_HEAP", "256m"), LIMIT, command);
  }
}
