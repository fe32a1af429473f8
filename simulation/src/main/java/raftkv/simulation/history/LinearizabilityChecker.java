package raftkv.simulation.history;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether the operations on one key could have happened one after the other, each at some
 * moment between its call and its answer, on a single copy.
 *
 * <p>It goes through calls and answers in order of time and keeps every possibility that fits so
 * far ("just-in-time linearization", Lowe 2017): an operation is placed at the latest when its
 * answer arrives, and others before it only where that helps. The set stays small when values are
 * unique. There is a limit on the work for a key; reaching it is reported, never passed over.
 */
public final class LinearizabilityChecker {
  private final long maxSteps;

  /**
   * A checker.
   *
   * @param maxSteps possibilities tried for one key before it gives up
   */
  public LinearizabilityChecker(long maxSteps) {
    this.maxSteps = maxSteps;
  }

  /** Judges the operations on one key, in any order, from a state in which the key is absent. */
  public Verdict check(List<Operation> history) {
    return new Search(withoutTraceless(history), maxSteps).run();
  }

  /**
   * Leaves out what cannot matter: reads without an answer, and writes of unknown fate whose value
   * nobody saw or asked for. If such a write stands in an order that fits, the order without it
   * fits as well.
   */
  private static List<Operation> withoutTraceless(List<Operation> history) {
    Set<String> matter = new HashSet<>(Register.valuesThatMatter(history));
    return history.stream()
        .filter(operation -> !operation.isUnknown() || canMatter(operation.call(), matter))
        .toList();
  }

  private static boolean canMatter(Call call, Set<String> values) {
    if (call instanceof Call.Put put) {
      return values.contains(put.value());
    }
    if (call instanceof Call.CompareAndSet swap) {
      return values.contains(swap.value());
    }
    return call instanceof Call.Delete || call instanceof Call.DeleteStored;
  }
}
