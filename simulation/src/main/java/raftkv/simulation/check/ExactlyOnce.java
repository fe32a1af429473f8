package raftkv.simulation.check;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.kv.AnswerCodec;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.RequestIdentity;
import raftkv.kv.RequestOutcome;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;

/**
 * Each (client_id, seq_num) takes effect at most once, a sealed one never, and a duplicate gets the
 * first answer. Keeps all sessions for ever, as no server can.
 */
final class ExactlyOnce {
  private static final String CHECKER = "exactly once";
  private static final long SEALED = 0;

  private record Request(Bytes clientId, long seqNum) {}

  private final Verdicts verdicts;
  private final Tally tally;

  /** Index of what took effect, or {@link #SEALED}. For look-up only. */
  private final Map<Request, Long> effects = new HashMap<>();

  ExactlyOnce(Verdicts verdicts, Tally tally) {
    this.verdicts = verdicts;
    this.tally = tally;
  }

  void applied(LogEntry entry, Bytes encodedAnswer) {
    if (entry.kind() != EntryKind.COMMAND) {
      return;
    }
    KvCommand command = CommandCodec.decode(entry.body());
    RequestIdentity identity = command.identity();
    if (identity == null) {
      return;
    }
    Request request = new Request(identity.clientId(), identity.seqNum());
    KvAnswer answer = AnswerCodec.decode(encodedAnswer);
    if (answer instanceof KvAnswer.Result result) {
      onResult(entry, request, result);
    } else if (answer instanceof KvAnswer.OutcomeKnown known) {
      onOutcome(entry, request, known.outcome());
    } else {
      tally.count(Tally.Kind.REFUSED_BY_SESSION);
    }
  }

  private void onResult(LogEntry entry, Request request, KvAnswer.Result result) {
    Long before = effects.get(request);
    if (result.deduplicated()) {
      tally.count(Tally.Kind.DUPLICATE_ANSWERED);
      if (before == null || before != result.index()) {
        throw verdicts.violated(
            CHECKER,
            entry + " is answered as a duplicate of " + result.index() + ", not " + before);
      }
      return;
    }
    if (before != null) {
      String earlier = before == SEALED ? "sealed" : "applied at " + before;
      throw verdicts.violated(CHECKER, request + " takes effect at " + entry + ", was " + earlier);
    }
    effects.put(request, entry.index());
  }

  private void onOutcome(LogEntry entry, Request request, RequestOutcome outcome) {
    Long before = effects.get(request);
    if (outcome.kind() == RequestOutcome.Kind.NOT_APPLIED) {
      tally.count(Tally.Kind.SEALED);
      if (before != null && before != SEALED) {
        throw verdicts.violated(CHECKER, request + " is sealed at " + entry + ", was applied");
      }
      effects.put(request, SEALED);
    } else if (outcome.kind() == RequestOutcome.Kind.APPLIED
        && (before == null || before != outcome.index())) {
      throw verdicts.violated(CHECKER, request + " is said to be applied at " + entry);
    }
  }

  /** Where a request took effect; 0 if it did not, so far. */
  long indexOf(Bytes clientId, long seqNum) {
    @Nullable Long index = effects.get(new Request(clientId, seqNum));
    return index == null ? 0 : index;
  }
}
