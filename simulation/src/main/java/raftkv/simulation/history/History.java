package raftkv.simulation.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/** Operations of many clients on many keys. Thread-safe while it is written. */
public final class History {
  private final Map<String, Queue<Operation>> byKey = new ConcurrentSkipListMap<>();

  /** Adds one operation. */
  public void add(String key, Operation operation) {
    byKey.computeIfAbsent(key, unseen -> new ConcurrentLinkedQueue<>()).add(operation);
  }

  /** The operations on a key, in no order. */
  public List<Operation> of(String key) {
    Queue<Operation> operations = byKey.get(key);
    return operations == null ? List.of() : List.copyOf(operations);
  }

  /** All keys, in order. */
  public List<String> keys() {
    return byKey.keySet().stream().sorted().toList();
  }

  /** Judges every key. */
  public Report check(LinearizabilityChecker checker) {
    List<String> failures = new ArrayList<>();
    long operations = 0;
    long unknown = 0;
    long mostSteps = 0;
    for (String key : keys()) {
      List<Operation> ofKey = of(key);
      operations += ofKey.size();
      unknown += ofKey.stream().filter(Operation::isUnknown).count();
      Verdict verdict = checker.check(ofKey);
      if (verdict instanceof Verdict.Linearizable good) {
        mostSteps = Math.max(mostSteps, good.steps());
      } else {
        failures.add("key " + key + ", " + ofKey.size() + " operations: " + verdict);
      }
    }
    return new Report(keys().size(), operations, unknown, mostSteps, failures);
  }

  /**
   * What was found.
   *
   * @param mostSteps work for the worst key
   * @param failures keys that are not linearizable, and keys that were given up
   */
  public record Report(
      int keys, long operations, long unknown, long mostSteps, List<String> failures) {
    /** Copies the list. */
    public Report {
      failures = List.copyOf(failures);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d operations on %,d keys, %,d of unknown fate, at most %,d steps for a key, %d failures",
          operations,
          keys,
          unknown,
          mostSteps,
          failures.size());
    }
  }
}
