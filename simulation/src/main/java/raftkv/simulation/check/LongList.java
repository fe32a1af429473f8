package raftkv.simulation.check;

import java.util.Arrays;

/** Numbers, one behind the other. */
final class LongList {
  private long[] items = new long[64];
  private int size;

  int size() {
    return size;
  }

  long at(int place) {
    if (place >= size) {
      throw new IndexOutOfBoundsException(place);
    }
    return items[place];
  }

  void add(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  void set(int place, long item) {
    if (place >= size) {
      throw new IndexOutOfBoundsException(place);
    }
    items[place] = item;
  }

  void cutTo(int newSize) {
    size = Math.min(size, newSize);
  }

  LongList copy() {
    LongList copy = new LongList();
    copy.items = items.clone();
    copy.size = size;
    return copy;
  }
}
