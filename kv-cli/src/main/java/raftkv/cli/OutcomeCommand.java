package raftkv.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import raftkv.client.FateResult;
import raftkv.client.KvException;
import raftkv.client.session.RequestId;

/** Says what became of a write. */
@Command(
    name = "outcome",
    description = "Say what became of an earlier write.",
    footer = {
      "",
      "Exit codes: 0 applied; 1 not applied, or not so far; 3 unavailable;",
      "4 no longer remembered, or nobody knows whether it was cancelled.",
    })
final class OutcomeCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Root root;

  @Option(
      names = "--client-id",
      required = true,
      paramLabel = "ID",
      description = "As it was sent.")
  private String clientId = "";

  @Option(names = "--seq", required = true, paramLabel = "N", description = "As it was sent.")
  private long seqNum;

  @Option(
      names = "--cancel",
      description = "If it was not applied so far, keep it from ever being applied.")
  private boolean cancel;

  @Option(
      names = "--session-start",
      paramLabel = "INDEX",
      description = "As it was sent: without it, a session that has one may not be found.")
  private long sessionStart;

  @Override
  public Integer call() {
    Root shared = Objects.requireNonNull(root);
    RequestId id = new RequestId(clientId, seqNum, sessionStart);
    FateResult result;
    try {
      result = cancel ? shared.client().cancel(id) : shared.client().fateOf(id);
    } catch (KvException failure) {
      String what = cancel ? "cancel of " + id : "outcome of " + id;
      return new Failures(shared)
          .report(what, failure, "cancel it again: once or twice is the same");
    }
    Json json = new Json().with("outcome", result.fate().name()).with("index", result.index());
    Answer answer = new Answer(shared);
    answer.say(sentence(result), json);
    if (result.fate() == FateResult.Fate.EXPIRED && sessionStart == 0) {
      answer.note("if it was sent with a --session-start, ask with that one");
    }
    return switch (result.fate()) {
      case APPLIED -> ExitCode.DONE;
      case NOT_APPLIED, NOT_YET_APPLIED -> ExitCode.NOT_MET;
      case EXPIRED -> ExitCode.UNKNOWN;
    };
  }

  private static String sentence(FateResult result) {
    return switch (result.fate()) {
      case APPLIED -> "APPLIED at index " + result.index();
      case NOT_APPLIED -> "NOT_APPLIED: the number is sealed, no copy will ever take effect";
      case NOT_YET_APPLIED -> "NOT_YET_APPLIED: a copy may still be under way";
      case EXPIRED -> "EXPIRED: the session or the number is no longer remembered";
    };
  }
}
