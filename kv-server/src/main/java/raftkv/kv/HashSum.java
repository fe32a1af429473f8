package raftkv.kv;

import raftkv.port.StateHash;

/** A sum of item hashes modulo 2^128 that changes in place. Owned by the loop. */
final class HashSum {
  private long high;
  private long low;

  void add(ItemHash item) {
    add(item.high(), item.low());
  }

  void subtract(ItemHash item) {
    subtract(item.high(), item.low());
  }

  void add(KvEntry entry) {
    add(entry.hashHigh(), entry.hashLow());
  }

  void subtract(KvEntry entry) {
    subtract(entry.hashHigh(), entry.hashLow());
  }

  StateHash value() {
    return new StateHash(high, low);
  }

  private void add(long itemHigh, long itemLow) {
    low += itemLow;
    high += itemHigh + (Long.compareUnsigned(low, itemLow) < 0 ? 1 : 0);
  }

  private void subtract(long itemHigh, long itemLow) {
    high -= itemHigh + (Long.compareUnsigned(low, itemLow) < 0 ? 1 : 0);
    low -= itemLow;
  }
}
