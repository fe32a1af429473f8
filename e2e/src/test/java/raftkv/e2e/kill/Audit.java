package raftkv.e2e.kill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.client.CompareAndSetResult;
import raftkv.client.FateResult;
import raftkv.client.GetResult;
import raftkv.client.KvClient;
import raftkv.client.KvEntry;
import raftkv.client.session.RequestId;
import raftkv.simulation.history.Answer;
import raftkv.simulation.history.Call;
import raftkv.simulation.history.History;
import raftkv.simulation.history.LinearizabilityChecker;
import raftkv.simulation.history.Operation;

/**
 * The judgement over a run. Every key is read once more, as part of its history. Then each key must
 * have changed exactly as often as changes of it were acknowledged: no write lost, none doubled. Of
 * a write of unknown fate the cluster is asked what became of it; if it no longer knows, either
 * number is right.
 */
final class Audit {
  private static final long MAX_STEPS_PER_KEY = 20_000_000;
  private static final int AUDITOR = 0;

  private final KvClient client;
  private final History history;
  private final Tally tally;
  private final List<String> miscounted = new ArrayList<>();
  private long changes;
  private long resolved;
  private long unresolved;

  private Audit(KvClient client, Load load) {
    this.client = client;
    this.history = load.history();
    this.tally = load.tally();
  }

  /**
   * What was found.
   *
   * @param miscounted keys with a lost or doubled change
   * @param changes that the keys have seen
   * @param resolved writes of unknown fate of which the cluster could tell
   * @param unresolved and of which it could not
   */
  record Findings(
      History.Report report,
      List<String> miscounted,
      long changes,
      long resolved,
      long unresolved) {}

  static Findings of(KvClient client, Load load) {
    Audit audit = new Audit(client, load);
    load.history().keys().forEach(audit::count);
    History.Report report = load.history().check(new LinearizabilityChecker(MAX_STEPS_PER_KEY));
    return new Findings(
        report, List.copyOf(audit.miscounted), audit.changes, audit.resolved, audit.unresolved);
  }

  private void count(String key) {
    KvEntry entry = read(key);
    long least = tally.changesOf(key);
    long most = least;
    for (RequestId id : tally.openOf(key)) {
      Fate fate = fateOf(id);
      least += fate == Fate.CHANGED ? 1 : 0;
      most += fate == Fate.NOTHING ? 0 : 1;
      resolved += fate == Fate.NOBODY_KNOWS ? 0 : 1;
      unresolved += fate == Fate.NOBODY_KNOWS ? 1 : 0;
    }
    long version = entry == null ? 0 : entry.version();
    changes += version;
    checkRange(key, "version", version, least, most);
    if (Keys.isCounter(key)) {
      long value = entry == null ? 0 : Long.parseLong(entry.value().toText());
      checkRange(key, "counter", value, least, most);
    }
  }

  private @Nullable KvEntry read(String key) {
    long from = System.nanoTime();
    GetResult result = client.get(key);
    KvEntry entry = result.entry();
    Answer answer = new Answer.Read(entry == null ? null : entry.value().toText());
    history.add(key, new Operation(AUDITOR, new Call.Get(), answer, from, System.nanoTime()));
    return entry;
  }

  private void checkRange(String key, String what, long found, long least, long most) {
    if (found < least || found > most) {
      miscounted.add(
          key
              + ": "
              + what
              + " is "
              + found
              + ", not "
              + least
              + " to "
              + most
              + " as acknowledged");
    }
  }

  private enum Fate {
    CHANGED,
    NOTHING,
    NOBODY_KNOWS
  }

  /** All copies have ended by now, so that what has not happened never will. */
  private Fate fateOf(RequestId id) {
    FateResult result = client.fateOf(id);
    return switch (result.fate()) {
      case EXPIRED -> Fate.NOBODY_KNOWS;
      case NOT_APPLIED, NOT_YET_APPLIED -> Fate.NOTHING;
      case APPLIED -> {
        if (result.answer() == null) {
          yield Fate.NOBODY_KNOWS;
        }
        boolean changed =
            !(result.answer() instanceof CompareAndSetResult swap) || swap.succeeded();
        yield changed ? Fate.CHANGED : Fate.NOTHING;
      }
    };
  }
}
