package raftkv.simulation.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one key does when operations reach it one after the other. Values are numbered, so that a
 * state is an int: 0 for an absent key.
 */
final class Register {
  static final int ABSENT = 0;

  /** The operation cannot have given its answer in that state. */
  static final int IMPOSSIBLE = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  Register() {
    names.add("absent");
  }

  int numberOf(@Nullable String value) {
    if (value == null) {
      return ABSENT;
    }
    return numbers.computeIfAbsent(
        value,
        unseen -> {
          names.add(unseen);
          return names.size() - 1;
        });
  }

  String nameOf(int state) {
    return names.get(state);
  }

  /** The state after the operation, or {@link #IMPOSSIBLE}. */
  int next(Operation operation, int state) {
    Call call = operation.call();
    if (call instanceof Call.Put put) {
      return numberOf(put.value());
    }
    if (call instanceof Call.CompareAndSet swap) {
      return nextOfSwap(swap, operation.answer(), state);
    }
    if (call instanceof Call.DeleteStored delete) {
      return nextOfDelete(delete, operation.answer(), state);
    }
    if (operation.answer() instanceof Answer.Removed removed) {
      return numberOf(removed.value()) == state ? ABSENT : IMPOSSIBLE;
    }
    if (operation.answer() instanceof Answer.Read read) {
      return numberOf(read.value()) == state ? state : IMPOSSIBLE;
    }
    // Left over: a delete of unknown fate, which fits everywhere.
    return call instanceof Call.Delete ? ABSENT : IMPOSSIBLE;
  }

  private int nextOfSwap(Call.CompareAndSet swap, Answer answer, int state) {
    boolean holds = numberOf(swap.expected()) == state;
    if (answer instanceof Answer.Refused refused) {
      return !holds && numberOf(refused.current()) == state ? state : IMPOSSIBLE;
    }
    // One of unknown fate whose condition does not hold does nothing: then it need not be placed.
    return holds ? numberOf(swap.value()) : IMPOSSIBLE;
  }

  private int nextOfDelete(Call.DeleteStored delete, Answer answer, int state) {
    boolean holds = numberOf(delete.expected()) == state;
    if (answer instanceof Answer.Refused refused) {
      return !holds && numberOf(refused.current()) == state ? state : IMPOSSIBLE;
    }
    // As with a swap: without effect it need not be placed.
    return holds ? ABSENT : IMPOSSIBLE;
  }

  /** Values that some operation has seen, or asks for: others leave no trace when overwritten. */
  static List<String> valuesThatMatter(List<Operation> history) {
    List<String> values = new ArrayList<>();
    for (Operation operation : history) {
      values.add(seenBy(operation.answer()));
      if (operation.call() instanceof Call.CompareAndSet swap) {
        values.add(swap.expected());
      } else if (operation.call() instanceof Call.DeleteStored delete) {
        values.add(delete.expected());
      }
    }
    return values.stream().filter(Objects::nonNull).distinct().toList();
  }

  private static @Nullable String seenBy(Answer answer) {
    if (answer instanceof Answer.Read read) {
      return read.value();
    }
    if (answer instanceof Answer.Refused refused) {
      return refused.current();
    }
    return answer instanceof Answer.Removed removed ? removed.value() : null;
  }
}
