package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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

  /** Of the whole time, for the question at which index; most of it is for the hashes. */
  private static final int SHARE_OF_INDEX = 4;

  @ParentCommand private @Nullable Root root;

  @Option(
      names = "--index",
      paramLabel = "INDEX",
      description = "Compare at this index instead, from 1; it must not be long gone.")
  private @Nullable Long index;

  private final Set<String> hashes = new HashSet<>();
  private final List<Json> nodes = new ArrayList<>();
  private final Table table = new Table("NODE", "ENDPOINT", "INDEX", "HASH");
  private boolean complete = true;
  private boolean diverged;

  @Override
  public Integer call() {
    Long chosen = index;
    if (chosen != null && chosen < 1) {
      throw new UsageMistake("--index " + chosen + " is no index: they begin with 1");
    }
    Root shared = Objects.requireNonNull(root);
    ClusterCalls cluster = shared.client().cluster();
    Duration whole = shared.timeoutOr(DEFAULT_TIMEOUT);
    TimeLeft time = new TimeLeft(whole);
    long at =
        chosen == null
            ? highestApplied(ClusterView.ask(cluster, time.atMost(whole.dividedBy(SHARE_OF_INDEX))))
            : chosen;
    List<CompletableFuture<StateHashResponse>> questions = new ArrayList<>();
    for (int i = 0; i < cluster.endpoints().size(); i++) {
      questions.add(cluster.stateHash(i, at, time.atMost(whole)));
    }
    for (int i = 0; i < questions.size(); i++) {
      add(cluster.endpoints().get(i), questions.get(i), at);
    }
    String verdict = verdict();
    Json json = new Json().with("index", at).with("verdict", verdict).with("nodes", nodes);
    boolean any = diverged || !hashes.isEmpty();
    new Answer(shared).say(table + "\n" + verdict + (any ? " at index " + at : ""), json);
    return code();
  }

  private boolean isDifferent() {
    return diverged || hashes.size() > 1;
  }

  private String verdict() {
    if (isDifferent()) {
      return "DIFFERENT";
    }
    if (hashes.isEmpty()) {
      return "no node answered";
    }
    return complete ? "equal" : "equal as far as nodes answered";
  }

  private int code() {
    if (isDifferent()) {
      return ExitCode.NOT_MET;
    }
    return complete ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private static long highestApplied(ClusterView view) {
    long highest = 0;
    for (StatusResponse status : view.statuses()) {
      highest = status == null ? highest : Math.max(highest, status.getAppliedIndex());
    }
    return highest;
  }

  private void add(String endpoint, CompletableFuture<StateHashResponse> question, long at) {
    try {
      StateHashResponse answer = Waiting.on(question);
      if (answer.getIndex() == at) {
        hashes.add(answer.getStateHash());
      } else {
        // No node named an index, so each tells its last one: such hashes say nothing together.
        complete = false;
      }
      int node = answer.getHeader().getNodeId();
      row(Integer.toString(node), endpoint, answer.getIndex(), answer.getStateHash());
      nodes.add(
          new Json()
              .with("node_id", node)
              .with("endpoint", endpoint)
              .with("index", answer.getIndex())
              .with("state_hash", answer.getStateHash()));
    } catch (KvException failure) {
      if (failure.reason().equals("STATE_DIVERGED")) {
        addDiverged(endpoint, failure.details());
      } else {
        complete = false;
        table.row("-", endpoint, "-", "no answer: " + failure.reason());
        nodes.add(new Json().with("endpoint", endpoint).with("error", failure.reason()));
      }
    }
  }

  /** A node that fenced itself says at which index it differed, and both hashes there. */
  private void addDiverged(String endpoint, Map<String, String> details) {
    diverged = true;
    long since = number(details, "index");
    long node = number(details, "node_id");
    String own = details.getOrDefault("own_hash", "");
    String majority = details.getOrDefault("majority_hash", "");
    row(
        node == 0 ? "-" : Long.toString(node),
        endpoint,
        since,
        own + " (fenced; the majority: " + majority + ")");
    nodes.add(
        new Json()
            .with("node_id", node)
            .with("endpoint", endpoint)
            .with("index", since)
            .with("state_hash", own)
            .with("majority_hash", majority)
            .with("error", "STATE_DIVERGED"));
  }

  private void row(String node, String endpoint, long at, String hash) {
    table.row(node, endpoint, Long.toString(at), hash);
  }

  private static long number(Map<String, String> details, String name) {
    String digits = details.getOrDefault(name, "");
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
  }
}
