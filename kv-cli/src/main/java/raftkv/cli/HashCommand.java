package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import raftkv.client.ClusterCalls;
import raftkv.client.KvException;
import raftkv.proto.kv.v1.StateHashResponse;
import raftkv.proto.kv.v1.StatusResponse;

/** Compares replicas at one index, so that equal means equal. */
@Command(
    name = "hash",
    description = "Compare the nodes' state hashes at one index: the highest that any has applied.",
    footer = {"", "Exit codes: 0 all equal; 1 they differ; 3 a node did not answer."})
final class HashCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  @ParentCommand private @Nullable Root root;

  @Option(
      names = "--index",
      paramLabel = "INDEX",
      description = "Compare at this index instead; it must not be long gone.")
  private long index;

  private final Set<String> hashes = new HashSet<>();
  private final List<Json> nodes = new ArrayList<>();
  private final Table table = new Table("NODE", "ENDPOINT", "INDEX", "HASH");
  private boolean complete = true;

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    ClusterCalls cluster = shared.client().cluster();
    Duration timeout = shared.timeoutOr(DEFAULT_TIMEOUT);
    ClusterView view = ClusterView.ask(cluster);
    long at = index > 0 ? index : highestApplied(view);
    List<CompletableFuture<StateHashResponse>> questions = new ArrayList<>();
    for (int i = 0; i < cluster.endpoints().size(); i++) {
      questions.add(cluster.stateHash(i, at, timeout));
    }
    for (int i = 0; i < questions.size(); i++) {
      add(cluster.endpoints().get(i), questions.get(i));
    }
    String verdict =
        hashes.size() > 1 ? "DIFFERENT" : complete ? "equal" : "equal as far as nodes answered";
    Json json = new Json().with("index", at).with("verdict", verdict).with("nodes", nodes);
    new Answer(shared).say(table + "\n" + verdict + " at index " + at, json);
    return hashes.size() > 1 ? ExitCode.NOT_MET : complete ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private static long highestApplied(ClusterView view) {
    long highest = 0;
    for (StatusResponse status : view.statuses()) {
      highest = status == null ? highest : Math.max(highest, status.getAppliedIndex());
    }
    return highest;
  }

  private void add(String endpoint, CompletableFuture<StateHashResponse> question) {
    try {
      StateHashResponse answer = question.join();
      int node = answer.getHeader().getNodeId();
      hashes.add(answer.getStateHash());
      table.row(
          Integer.toString(node),
          endpoint,
          Long.toString(answer.getIndex()),
          answer.getStateHash());
      nodes.add(
          new Json()
              .with("node_id", node)
              .with("endpoint", endpoint)
              .with("index", answer.getIndex())
              .with("state_hash", answer.getStateHash()));
    } catch (CompletionException failed) {
      String why = failed.getCause() instanceof KvException kv ? kv.reason() : "BUG";
      complete = false;
      table.row("-", endpoint, "-", "no answer: " + why);
      nodes.add(new Json().with("endpoint", endpoint).with("error", why));
    }
  }
}
