package raftkv.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.client.KvException;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestId;

/** Says what did not happen, why, and what can be done now; and picks the exit code. */
final class Failures {
  private final Root root;

  Failures(Root root) {
    this.root = root;
  }

  /** Reports a request that ended without an answer. */
  int report(String what, KvException failure) {
    return report(what, failure, unknown(failure.requestId()));
  }

  /**
   * The same of a request for which something else helps.
   *
   * @param ifUnknown what can be done now if its outcome is unknown
   */
  int report(String what, KvException failure, String ifUnknown) {
    int code = codeOf(failure);
    if (root.format() == Format.JSON) {
      root.terminal().out().println(new Json().with("error", json(failure)));
    }
    var err = root.terminal().err();
    err.println("kv-cli: " + what + ": " + verdict(failure) + ": " + why(failure));
    String now = whatNow(failure, ifUnknown);
    if (!now.isEmpty()) {
      err.println("  What now: " + now);
    }
    return code;
  }

  static int codeOf(KvException failure) {
    if (failure.outcome() == Outcome.UNKNOWN) {
      return ExitCode.UNKNOWN;
    }
    if (failure.outcome() == Outcome.APPLIED) {
      return ExitCode.DONE;
    }
    boolean forNow = failure.isTransient() || failure.reason().equals("DISK_FULL");
    return forNow ? ExitCode.UNAVAILABLE : ExitCode.REFUSED;
  }

  private static Json json(KvException failure) {
    Json json =
        new Json()
            .with("reason", failure.reason())
            .with("outcome", failure.outcome().name())
            .with("message", String.valueOf(failure.getMessage()));
    RequestId id = failure.requestId();
    if (id != null) {
      json.with("client_id", id.clientId()).with("seq_num", id.seqNum());
      if (id.sessionStart() != 0) {
        json.with("session_start", id.sessionStart());
      }
    }
    Json details = new Json();
    for (Map.Entry<String, String> detail : failure.details().entrySet()) {
      details.with(detail.getKey(), detail.getValue());
    }
    return json.with("details", details);
  }

  private static String verdict(KvException failure) {
    boolean write = failure.requestId() != null;
    return switch (failure.outcome()) {
      case APPLIED -> "applied";
      case UNKNOWN -> "OUTCOME UNKNOWN, it may have been applied";
      case NOT_APPLIED -> write ? "not applied" : "not done";
    };
  }

  private static String why(KvException failure) {
    String text = failure.reason() + ", " + failure.getMessage();
    String leader = detail(failure, "leader_endpoint");
    String id = detail(failure, "leader_id");
    boolean known = failure.reason().equals("NOT_LEADER") && !id.isEmpty() && !id.equals("0");
    return known ? text + " (leader: node " + id + " at " + leader + ")" : text;
  }

  private static String detail(KvException failure, String name) {
    return failure.details().getOrDefault(name, "");
  }

  private static String whatNow(KvException failure, String ifUnknown) {
    if (failure.reason().equals("SESSION_EXPIRED")) {
      String index = detail(failure, "current_index");
      return "look whether it took effect; then go on under a new --client-id"
          + (index.isEmpty() ? "" : " with --session-start " + index);
    }
    if (failure.outcome() == Outcome.UNKNOWN) {
      return ifUnknown;
    }
    return switch (failure.reason()) {
      case CopyFailure.NOT_CONNECTED ->
          "start the nodes (bin/kv-cluster), or name others by --endpoints or --port";
      case "NOT_LEADER" -> "ask the leader's port, or leave out --leader-only";
      case "NO_LEADER" -> "a majority of the nodes has to be up; see 'kv-cli status'";
      case "NOT_READY" -> "wait until the node is ready: 'kv-cli status --wait healthy'";
      case "OVERLOADED" -> "try again a little later";
      case "SEQ_NUM_REUSED" -> "another request had this number: take the next --seq";
      case "CANCELLED_BY_CLIENT" -> "the number is sealed for good: take the next --seq";
      case KvException.DEADLINE, CopyFailure.NO_ANSWER ->
          "try again, with a longer --timeout if need be; -v shows each attempt";
      default -> "";
    };
  }

  private static String unknown(@Nullable RequestId id) {
    if (id == null) {
      return "look whether it took effect before doing it again";
    }
    return "'kv-cli outcome --client-id "
        + id.clientId()
        + " --seq "
        + id.seqNum()
        + (id.sessionStart() == 0 ? "" : " --session-start " + id.sessionStart())
        + "' tells; with --cancel it is also kept from happening later";
  }
}
