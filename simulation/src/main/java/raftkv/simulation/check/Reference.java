package raftkv.simulation.check;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import raftkv.kv.CommandCodec;
import raftkv.kv.Condition;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvEntry;
import raftkv.kv.KvValue;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;

/**
 * What keys hold by the contract of api.md: each command that took effect has the result that it
 * has here. A plain map, without sessions, limits and hashes.
 */
final class Reference {
  private static final String CHECKER = "results";

  private record Held(KvValue value, long modIndex) {}

  private final Verdicts verdicts;

  /** For look-up only. */
  private final Map<Bytes, Held> keys = new HashMap<>();

  Reference(Verdicts verdicts) {
    this.verdicts = verdicts;
  }

  void applied(LogEntry entry, KvAnswer answer) {
    if (entry.kind() != EntryKind.COMMAND || answer.deduplicated()) {
      return;
    }
    KvCommand command = CommandCodec.decode(entry.body());
    if (command instanceof KvCommand.Put put && answer instanceof KvAnswer.PutDone) {
      keys.put(put.key(), new Held(put.value(), entry.index()));
    } else if (answer instanceof KvAnswer.DeleteDone done) {
      delete(entry, (KvCommand.Delete) command, done);
    } else if (answer instanceof KvAnswer.CompareAndSetDone done) {
      swap(entry, (KvCommand.CompareAndSet) command, done);
    }
  }

  private void delete(LogEntry entry, KvCommand.Delete delete, KvAnswer.DeleteDone done) {
    Held held = keys.get(delete.key());
    boolean expected =
        held != null
            && (delete.expectedModIndex() == KvCommand.Delete.ANY
                || delete.expectedModIndex() == held.modIndex);
    check(entry, expected, done.succeeded(), held, done.entry());
    if (expected) {
      keys.remove(delete.key());
    }
  }

  private void swap(LogEntry entry, KvCommand.CompareAndSet swap, KvAnswer.CompareAndSetDone done) {
    Held held = keys.get(swap.key());
    boolean expected = holds(swap.condition(), held);
    Held after = expected ? new Held(swap.value(), entry.index()) : held;
    check(entry, expected, done.succeeded(), after, done.entry());
    if (after != null) {
      keys.put(swap.key(), after);
    }
  }

  private static boolean holds(Condition condition, @Nullable Held held) {
    if (held == null) {
      return condition instanceof Condition.Absent;
    }
    if (condition instanceof Condition.ValueIs value) {
      return held.value.equals(value.expected());
    }
    return condition instanceof Condition.ModIndexIs index && index.expected() == held.modIndex;
  }

  private void check(
      LogEntry entry, boolean expected, boolean said, @Nullable Held held, @Nullable KvEntry told) {
    boolean sameEntry =
        held == null
            ? told == null
            : told != null && told.value().equals(held.value) && told.modIndex() == held.modIndex;
    if (expected != said || !sameEntry) {
      throw verdicts.violated(
          CHECKER, entry + " succeeded: " + said + ", told " + told + ", has to be " + held);
    }
  }
}
