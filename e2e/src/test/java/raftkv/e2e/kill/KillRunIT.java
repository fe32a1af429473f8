package raftkv.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * Goal: whatever happens to the nodes, no acknowledged write is missing, none takes effect twice,
 * and no read is too old. Method: eight clients write and read on while leaders are killed; then
 * every answer is judged. The number of kills is the system property {@code kills}; 5 unless told.
 */
class KillRunIT {
  private static final int KILLS = Integer.getInteger("kills", 5);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void nothingIsLostDoubledOrReadTooOldWhileLeadersAreKilled() throws IOException {
    long start = System.nanoTime();
    try (Cluster cluster = Cluster.started(directory);
        Load load = Load.start(cluster)) {
      Faults faults = new Faults(cluster, load);
      faults.killLeaders(KILLS);
      load.stop();
      restartAll(cluster);

      Audit.Findings findings;
      try (KvClient auditor = cluster.connect()) {
        findings = Audit.of(auditor, load);
      }
      tell(faults, load, findings, start);

      assertThat(findings.report().failures()).isEmpty();
      assertThat(findings.miscounted()).isEmpty();
      assertThat(faults.killNanos()).hasSizeGreaterThanOrEqualTo(KILLS);
      assertThat(load.tally().acks()).isGreaterThan(100L * KILLS);
      assertThat(hashes(cluster)).hasSize(1);
    }
  }

  /** What was acknowledged has to be on the disks. */
  private static void restartAll(Cluster cluster) {
    cluster.nodes().forEach(NodeProcess::kill);
    cluster.startAll();
    cluster.awaitHealthy();
  }

  private static List<String> hashes(Cluster cluster) {
    StatusResponse status = cluster.status(cluster.awaitLeader());
    long index = status == null ? 0 : status.getAppliedIndex();
    return cluster.nodes().stream().map(node -> cluster.hashAt(node, index)).distinct().toList();
  }

  private static void tell(Faults faults, Load load, Audit.Findings findings, long start)
      throws IOException {
    String text =
        String.format(
            Locale.ROOT,
            """
            kill run: %d leaders killed, %d other faults, %d s
              history       %s
              writes        %,d answered, %,d changes counted in the keys
              unknown fates %,d resolved by asking, %,d not remembered
              service gap   %s (longest time without an answered write around a kill)
              lost/doubled  %d keys
            """,
            faults.killNanos().size(),
            faults.others(),
            (System.nanoTime() - start) / 1_000_000_000,
            findings.report(),
            load.tally().acks(),
            findings.changes(),
            findings.resolved() + load.tally().resolved(),
            findings.unresolved(),
            Gaps.of(load.tally().ackTimes(), faults.killNanos()),
            findings.miscounted().size());
    System.out.print(text);
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("kill-run.txt"), text);
  }
}
