package raftkv.node;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import raftkv.port.StateHash;

/** The state hashes after the last {@value #SIZE} applied entries. Owned by the loop. */
final class HashRing {
  static final int SIZE = 4_096;

  private final long[] indexes = new long[SIZE];
  private final StateHash[] hashes = new StateHash[SIZE];
  private long first;
  private long last;

  /** Again for the last index: what the state says of itself now. */
  void record(long index, StateHash hash) {
    int slot = (int) (index % SIZE);
    indexes[slot] = index;
    hashes[slot] = hash;
    if (first == 0 || index > last + 1) {
      first = index;
    }
    first = Math.max(first, index - SIZE + 1);
    last = index;
  }

  /** The hash after that index; null: no statement. */
  @Nullable StateHash at(long index) {
    int slot = (int) (index % SIZE);
    return index > 0 && indexes[slot] == index ? hashes[slot] : null;
  }

  /** Forgets all: the state was replaced. */
  void clear() {
    Arrays.fill(indexes, 0);
    first = 0;
    last = 0;
  }

  /** The oldest index that is kept; 0 if none is. */
  long oldestIndex() {
    return first;
  }
}
