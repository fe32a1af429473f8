package raftkv.raft;

/** A set of numbers that takes eight bytes each, and a little room. */
final class LongSet {
  private long[] table = new long[1 << 16];
  private int size;
  private boolean hasZero;

  int size() {
    return size;
  }

  /** Returns whether it was not in it yet. */
  boolean add(long value) {
    if (value == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      size += isNew ? 1 : 0;
      return isNew;
    }
    if (2L * size > table.length) {
      grow();
    }
    return put(table, value);
  }

  private boolean put(long[] into, long value) {
    int mask = into.length - 1;
    int place = (int) (value ^ (value >>> 32)) & mask;
    while (into[place] != 0) {
      if (into[place] == value) {
        return false;
      }
      place = (place + 1) & mask;
    }
    into[place] = value;
    size++;
    return true;
  }

  private void grow() {
    long[] larger = new long[table.length * 2];
    size = hasZero ? 1 : 0;
    for (long value : table) {
      if (value != 0) {
        put(larger, value);
      }
    }
    table = larger;
  }
}
