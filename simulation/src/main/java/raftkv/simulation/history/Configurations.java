package raftkv.simulation.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * A set of possibilities: which of the open operations have taken effect (a bit each), and the
 * state that this leaves.
 *
 * <p>An operation of unknown fate need never take effect. So of two possibilities that differ only
 * in those, the one that has used fewer can do all that the other can, and the other is dropped:
 * without this, each unknown write would double the set for the rest of the history.
 */
final class Configurations {
  private final TreeMap<Integer, List<Long>> masksByState = new TreeMap<>();
  private final long optional;

  /**
   * An empty set.
   *
   * @param optional bits of the operations of unknown fate
   */
  Configurations(long optional) {
    this.optional = optional;
  }

  /** Whether it was new, and not covered by one that is there. */
  boolean add(int state, long mask) {
    List<Long> masks = masksByState.computeIfAbsent(state, unseen -> new ArrayList<>());
    for (long present : masks) {
      if (covers(present, mask)) {
        return false;
      }
    }
    masks.removeIf(present -> covers(mask, present));
    masks.add(mask);
    return true;
  }

  private boolean covers(long mask, long other) {
    boolean sameRequired = ((mask ^ other) & ~optional) == 0;
    return sameRequired && (mask & ~other) == 0;
  }

  boolean isEmpty() {
    return masksByState.isEmpty();
  }

  /** Bits that are set in all of them. */
  long common() {
    long common = -1L;
    for (List<Long> masks : masksByState.values()) {
      for (long mask : masks) {
        common &= mask;
      }
    }
    return common;
  }

  /** The same with other masks, under other optional bits. */
  Configurations with(long newOptional, LongUnaryOperator change) {
    Configurations changed = new Configurations(newOptional);
    forEach((state, mask) -> changed.add(state, change.applyAsLong(mask)));
    return changed;
  }

  List<Integer> states() {
    return List.copyOf(masksByState.keySet());
  }

  void forEach(Visitor visitor) {
    masksByState.forEach((state, masks) -> masks.forEach(mask -> visitor.visit(state, mask)));
  }

  /** Takes one possibility. */
  interface Visitor {
    void visit(int state, long mask);
  }
}
