package raftkv.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import raftkv.client.KvClient;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.NodeProcess;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * What is found at the end of a run.
 *
 * @param hashes of the nodes' states, each once
 */
record Verdict(Audit.Findings findings, Tally tally, List<String> hashes) {

  /**
   * Lets the clients finish, kills and starts all nodes, since what was acknowledged has to be on
   * the disks, and judges every answer.
   */
  static Verdict of(Cluster cluster, Load load) {
    load.stop();
    cluster.nodes().forEach(NodeProcess::kill);
    cluster.startAll();
    cluster.awaitHealthy();
    try (KvClient auditor = cluster.connect()) {
      return new Verdict(Audit.of(auditor, load), load.tally(), hashes(cluster));
    }
  }

  private static List<String> hashes(Cluster cluster) {
    StatusResponse status = cluster.status(cluster.awaitLeader());
    long index = status == null ? 0 : status.getAppliedIndex();
    return cluster.nodes().stream().map(node -> cluster.hashAt(node, index)).distinct().toList();
  }

  /** Prints the run's own lines and these, and leaves them in a file below {@code target}. */
  void tell(String run, String file) throws IOException {
    String text =
        run
            + String.format(
                Locale.ROOT,
                """
                  history       %s
                  writes        %,d answered, %,d changes counted in the keys
                  unknown fates %,d resolved by asking, %,d not remembered
                  lost/doubled  %d keys
                """,
                findings.report(),
                tally.acks(),
                findings.changes(),
                findings.resolved() + tally.resolved(),
                findings.unresolved(),
                findings.miscounted().size());
    System.out.print(text);
    Files.writeString(Files.createDirectories(Path.of("target")).resolve(file), text);
  }

  /** No history that nothing explains, no lost and no doubled write, one state. */
  void mustHold() {
    assertThat(findings.report().failures()).isEmpty();
    assertThat(findings.miscounted()).isEmpty();
    assertThat(hashes).hasSize(1);
  }
}
