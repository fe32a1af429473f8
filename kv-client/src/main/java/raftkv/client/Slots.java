package raftkv.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things that are called by a small number while they are under way; a number that is free is used
 * again. Not thread-safe.
 */
final class Slots<T> {
  private final List<@Nullable T> taken = new ArrayList<>();
  private int[] free = new int[64];
  private int freeCount;

  int size() {
    return taken.size() - freeCount;
  }

  /** Keeps one, and says under which number. */
  int put(T thing) {
    if (freeCount == 0) {
      taken.add(thing);
      return taken.size() - 1;
    }
    int slot = free[--freeCount];
    taken.set(slot, thing);
    return slot;
  }

  /** Gives one back, and frees its number; null if nothing is called so. */
  @Nullable T take(long number) {
    if (number < 0 || number >= taken.size()) {
      return null;
    }
    int slot = (int) number;
    T thing = taken.set(slot, null);
    if (thing != null) {
      if (freeCount == free.length) {
        free = java.util.Arrays.copyOf(free, 2 * freeCount);
      }
      free[freeCount++] = slot;
    }
    return thing;
  }

  /** Gives all back. */
  List<T> takeAll() {
    List<T> all = new ArrayList<>();
    for (int slot = 0; slot < taken.size(); slot++) {
      T thing = take(slot);
      if (thing != null) {
        all.add(thing);
      }
    }
    return all;
  }
}
