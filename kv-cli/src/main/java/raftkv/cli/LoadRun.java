package raftkv.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import raftkv.client.CallStyle;
import raftkv.client.ClusterCalls;
import raftkv.client.KvException;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/** One call of load, from the check of the file to the last word. */
final class LoadRun {
  /** An election, or a node that is restarted, is waited out. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration QUESTION = Duration.ofSeconds(2);
  private static final int DEFAULT_KEY_BYTES = 1_024;
  private static final int DEFAULT_VALUE_BYTES = 1 << 20;
  private static final int DEFAULT_WINDOW = 128;

  private final Root root;
  private final String name;

  LoadRun(Root root, String name) {
    this.root = root;
    this.name = name;
  }

  /**
   * Loads; the exit code.
   *
   * @param clientId of an earlier try; null for a new one
   */
  int run(@Nullable String clientId, @Nullable Long sessionStart)
      throws IOException, InterruptedException {
    if (clientId == null && sessionStart != null) {
      throw new UsageMistake("--session-start goes with --client-id");
    }
    StatusResponse status;
    try {
      status = anyStatus(root.client(PATIENCE, CallStyle.PIPELINE).cluster());
    } catch (KvException failure) {
      return new Failures(root).report("load " + name, failure);
    }
    var said = status.getLimits();
    LoadEntry.Limits limits =
        new LoadEntry.Limits(
            orElse(said.getMaxKeyBytes(), DEFAULT_KEY_BYTES),
            orElse(said.getMaxValueBytes(), DEFAULT_VALUE_BYTES));
    try (LoadFile file = LoadFile.open(name, root.terminal().in(), limits)) {
      LoadFile.Facts facts = file.check();
      LoadIdentity identity =
          clientId == null
              ? LoadIdentity.fresh(status.getHeader().getAppliedIndex(), facts.digest())
              : LoadIdentity.given(clientId, sessionStart, facts, file.name());
      return load(file, facts, identity, orElse(said.getSessionWindow(), DEFAULT_WINDOW));
    }
  }

  private int load(LoadFile file, LoadFile.Facts facts, LoadIdentity identity, int width)
      throws IOException, InterruptedException {
    Answer answer = new Answer(root);
    answer.note(
        "loading "
            + facts.entries()
            + " entries of "
            + file.name()
            + "; if it is interrupted, go on with --client-id "
            + identity.clientId());
    Load.Result result;
    boolean unchanged;
    try (LoadFile.Lines lines = file.lines();
        Progress progress =
            new Progress(
                root.terminal().err(), root.showsProgress(), facts.entries(), System.nanoTime())) {
      result =
          new Load(root.client().async(), identity, width, facts.entries(), progress).run(lines);
      unchanged =
          result.stop() != null || (lines.isAtEnd() && lines.digest().equals(facts.digest()));
    }
    say(answer, facts, identity, result);
    Load.Stop stop = result.stop();
    if (stop == null && !unchanged) {
      throw new UsageMistake(file.name() + " was changed while it was loaded");
    }
    if (stop == null) {
      return ExitCode.DONE;
    }
    int code =
        new Failures(root)
            .report(
                "line " + stop.line() + " of " + file.name() + " ('" + stop.key() + "')",
                stop.failure());
    answer.note(whatNow(identity.clientId(), stop.failure()));
    return code;
  }

  private static String whatNow(String clientId, KvException failure) {
    return switch (failure.reason()) {
      case "SEQ_NUM_REUSED" -> "something else was loaded under " + clientId + ": take a new id";
      case "SESSION_EXPIRED" -> "under a new id, all entries are stored again";
      default -> "the same command with --client-id " + clientId + " goes on from there";
    };
  }

  private static void say(
      Answer answer, LoadFile.Facts facts, LoadIdentity identity, Load.Result result) {
    long done = result.stored() + result.before();
    String sentence = done + " of " + facts.entries() + " entries stored";
    Json json =
        new Json()
            .with("entries", facts.entries())
            .with("stored", result.stored())
            .with("stored_before", result.before())
            .with("client_id", identity.clientId());
    answer.say(
        result.before() == 0 ? sentence : sentence + ", " + result.before() + " of them before",
        json);
  }

  /** Any node knows the limits and an index to begin a session with; the leader, the newest. */
  private StatusResponse anyStatus(ClusterCalls cluster) {
    Duration patience = new TimeLeft(root.timeoutOr(QUESTION)).atMost(QUESTION);
    CompletableFuture<@Nullable StatusResponse> leader = new CompletableFuture<>();
    List<CompletableFuture<StatusResponse>> questions = new ArrayList<>();
    for (int endpoint = 0; endpoint < cluster.endpoints().size(); endpoint++) {
      questions.add(
          cluster
              .status(endpoint, patience)
              .whenComplete((status, failure) -> noteLeader(status, leader)));
    }
    var unused =
        CompletableFuture.allOf(questions.toArray(CompletableFuture[]::new))
            .whenComplete((all, failure) -> leader.complete(null));
    StatusResponse leads = leader.join();
    return leads == null ? newest(questions) : leads;
  }

  private static void noteLeader(
      @Nullable StatusResponse status, CompletableFuture<@Nullable StatusResponse> leader) {
    if (status != null && status.getRole() == Role.ROLE_LEADER) {
      leader.complete(status);
    }
  }

  private static StatusResponse newest(List<CompletableFuture<StatusResponse>> questions) {
    KvException last = null;
    StatusResponse best = null;
    for (CompletableFuture<StatusResponse> question : questions) {
      try {
        StatusResponse status = Waiting.on(question);
        best = best == null || isOlder(best, status) ? status : best;
      } catch (KvException failure) {
        last = failure;
      }
    }
    if (best != null) {
      return best;
    }
    if (last == null) {
      throw new IllegalStateException("a client has at least one endpoint");
    }
    throw last;
  }

  private static boolean isOlder(StatusResponse one, StatusResponse other) {
    return one.getHeader().getAppliedIndex() < other.getHeader().getAppliedIndex();
  }

  private static int orElse(int said, int otherwise) {
    return said == 0 ? otherwise : said;
  }
}
