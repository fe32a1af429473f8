package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import raftkv.client.ClusterCalls;
import raftkv.client.KvException;
import raftkv.proto.kv.v1.SnapshotResponse;

/** Has nodes write their state down now. */
@Command(
    name = "snapshot",
    description = "Take a snapshot now, on every node, or with --port on one alone.",
    footer = {
      "",
      "Exit codes: 0 taken by all; 3 some node did not. Default of --timeout: 60s.",
    })
final class SnapshotCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  @ParentCommand private @Nullable Root root;

  private final List<Json> nodes = new ArrayList<>();
  private final Table table = new Table("NODE", "ENDPOINT", "INDEX", "BYTES", "HASH");
  private boolean complete = true;

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    ClusterCalls cluster = shared.client().cluster();
    Duration timeout = shared.timeoutOr(DEFAULT_TIMEOUT);
    List<CompletableFuture<SnapshotResponse>> questions = new ArrayList<>();
    for (int i = 0; i < cluster.endpoints().size(); i++) {
      questions.add(cluster.snapshot(i, timeout));
    }
    for (int i = 0; i < questions.size(); i++) {
      add(cluster.endpoints().get(i), questions.get(i));
    }
    new Answer(shared).say(table.toString(), new Json().with("nodes", nodes));
    return complete ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private void add(String endpoint, CompletableFuture<SnapshotResponse> question) {
    try {
      SnapshotResponse taken = Waiting.on(question);
      int node = taken.getHeader().getNodeId();
      table.row(
          Integer.toString(node),
          endpoint,
          Long.toString(taken.getIndex()),
          Long.toString(taken.getSizeBytes()),
          taken.getStateHash());
      nodes.add(
          new Json()
              .with("node_id", node)
              .with("endpoint", endpoint)
              .with("index", taken.getIndex())
              .with("size_bytes", taken.getSizeBytes())
              .with("state_hash", taken.getStateHash()));
    } catch (KvException refused) {
      complete = false;
      table.row("-", endpoint, "-", "-", refused.reason() + ": " + refused.getMessage());
      nodes.add(new Json().with("endpoint", endpoint).with("error", refused.reason()));
    }
  }
}
