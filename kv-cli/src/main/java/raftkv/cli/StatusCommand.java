package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import raftkv.client.ClusterCalls;
import raftkv.proto.kv.v1.MembersResponse;

/** A table of all nodes. */
@Command(
    name = "status",
    description = "Show all nodes: role, term, leader, commit, applied, lag, hash.",
    footer = {
      "",
      "A node that does not answer is shown as another node sees it, and marked with *.",
      "With --wait the exit code is 0 once the cluster is so, 3 if the time is up.",
      "Default of --timeout: 2s, of which a silent node costs half; with --wait: 10s.",
    })
final class StatusCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  /** While it waits, a silent node is asked anew after this time. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  private static final long PAUSE_NANOS = 50_000_000L;
  private static final int HASH_DIGITS = 16;

  @ParentCommand private @Nullable Root root;

  @Option(
      names = "--wait",
      paramLabel = "STATE",
      description = "Wait for: leader, or healthy (all nodes answer and follow one leader).")
  private @Nullable Awaited awaited;

  /** What can be waited for. */
  enum Awaited {
    LEADER,
    HEALTHY
  }

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    ClusterCalls cluster = shared.client().cluster();
    Duration whole = shared.timeoutOr(awaited == null ? DEFAULT_TIMEOUT : DEFAULT_WAIT);
    // Without waiting there are two questions: to all nodes, and to the leader for the members.
    Duration patience = awaited == null ? whole.dividedBy(2) : ROUND;
    TimeLeft time = new TimeLeft(whole);
    ClusterView view = ClusterView.ask(cluster, time.atMost(patience));
    while (!isReached(view) && !time.isOver()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      view = ClusterView.ask(cluster, time.atMost(patience));
    }
    boolean reached = isReached(view);
    // One endpoint alone was asked for: what it says of others is not wanted.
    print(shared, view, shared.isPinned() ? null : view.members(cluster, time.atMost(patience)));
    if (!view.anyAnswered()) {
      shared.terminal().err().println("kv-cli: status: no node answers");
      shared
          .terminal()
          .err()
          .println("  What now: start the nodes, or name others by --endpoints or --port");
      return ExitCode.UNAVAILABLE;
    }
    if (!reached) {
      shared.terminal().err().println("kv-cli: status: still not so when the time was up");
    }
    return reached ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private boolean isReached(ClusterView view) {
    if (awaited == null) {
      return true;
    }
    return awaited == Awaited.LEADER ? view.hasSettledLeader() : view.isHealthy();
  }

  private static void print(Root shared, ClusterView view, @Nullable MembersResponse members) {
    List<StatusRows.Row> rows = StatusRows.of(view, members);
    Answer answer = new Answer(shared);
    if (answer.isJson()) {
      List<Json> nodes = new ArrayList<>();
      rows.forEach(row -> nodes.add(json(row)));
      answer.say("", new Json().with("nodes", nodes));
      return;
    }
    Table table =
        new Table(
            "NODE",
            "ENDPOINT",
            "ROLE",
            "TERM",
            "LEADER",
            "COMMIT",
            "APPLIED",
            "LAG",
            "HASH",
            "NOTE");
    rows.forEach(row -> add(table, row));
    answer.say(table.toString(), new Json());
  }

  private static void add(Table table, StatusRows.Row row) {
    String hash = row.hash();
    table.row(
        number(row.node()) + (row.self() ? "" : "*"),
        row.endpoint(),
        row.role(),
        number(row.term()),
        number(row.leader()),
        row.self() ? Long.toString(row.commit()) : "-",
        row.self() ? Long.toString(row.applied()) : number(row.applied()),
        row.lag(),
        hash.length() > HASH_DIGITS ? hash.substring(0, HASH_DIGITS) : hash,
        row.note());
  }

  private static String number(long value) {
    return value == 0 ? "-" : Long.toString(value);
  }

  private static Json json(StatusRows.Row row) {
    return new Json()
        .with("node_id", row.node())
        .with("endpoint", row.endpoint())
        .with("answered", row.self())
        .with("role", row.role())
        .with("term", row.term())
        .with("leader_id", row.leader())
        .with("commit_index", row.commit())
        .with("applied_index", row.applied())
        .with("lag", row.lag())
        .with("state_hash", row.hash())
        .with("note", row.note())
        .with("standing", row.stored().standing())
        .with("first_log_index", row.stored().firstIndex())
        .with("snapshot_index", row.stored().snapshotIndex())
        .with("snapshot_bytes", row.stored().snapshotBytes())
        .with("log_bytes", row.stored().logBytes());
  }
}
