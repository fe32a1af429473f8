package raftkv.simulation.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Which names stand for which files: on the platter, and what has changed since. */
final class Names {
  /** Something made, renamed or deleted. */
  @FunctionalInterface
  interface Change {
    void applyTo(TreeMap<String, SimFile> names);
  }

  private final TreeMap<String, SimFile> durable = new TreeMap<>();
  private final List<Change> unforced = new ArrayList<>();

  TreeMap<String, SimFile> durable() {
    return durable;
  }

  /** With the changes that were not forced. */
  TreeMap<String, SimFile> seen() {
    TreeMap<String, SimFile> seen = new TreeMap<>(durable);
    unforced.forEach(change -> change.applyTo(seen));
    return seen;
  }

  void change(Change change) {
    unforced.add(change);
  }

  void force() {
    unforced.forEach(change -> change.applyTo(durable));
    unforced.clear();
  }

  /** Changes survive in the order in which they were made, up to some moment, as in a journal. */
  void losePower(Loss loss, RandomGenerator random) {
    for (Change change : unforced) {
      if (!loss.keeps(random)) {
        break;
      }
      change.applyTo(durable);
    }
    unforced.clear();
  }

  void clear() {
    durable.clear();
    unforced.clear();
  }
}
