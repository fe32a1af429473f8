package raftkv.kv;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries in key order. */
final class Leaf extends Node {
  final KvEntry[] entries;

  /** Their keys, once more: a search that went by the entries would wait for each of them. */
  private final byte[][] keys;

  Leaf(long epoch) {
    super(epoch);
    this.entries = new KvEntry[MAX];
    this.keys = new byte[MAX][];
  }

  /** A full or partly full leaf for bulk loading. */
  static Leaf of(long epoch, List<KvEntry> ascending) {
    Leaf leaf = new Leaf(epoch);
    for (KvEntry entry : ascending) {
      leaf.set(leaf.size++, entry);
    }
    return leaf;
  }

  @Override
  long count() {
    return size;
  }

  @Override
  Leaf leafOf(byte[] key) {
    return this;
  }

  @Override
  long rank(byte[] key) {
    int at = find(key);
    return at >= 0 ? at : ~at;
  }

  @Override
  boolean scan(byte[] from, Visitor visitor) {
    for (int i = (int) rank(from); i < size; i++) {
      if (!visitor.visit(entries[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  byte[] firstKey() {
    return keys[0];
  }

  @Override
  Node put(KvEntry entry, Edit edit) {
    Leaf leaf = owned(edit.epoch);
    int at = leaf.find(entry.keyArray());
    if (at >= 0) {
      edit.previous = leaf.entries[at];
      leaf.set(at, entry);
      return leaf;
    }
    edit.previous = null;
    if (leaf.size < MAX) {
      leaf.insert(~at, entry);
    } else {
      edit.right = leaf.splitAndInsert(~at, entry, edit.epoch);
    }
    return leaf;
  }

  @Override
  Node remove(byte[] key, Edit edit) {
    Leaf leaf = owned(edit.epoch);
    int at = leaf.find(key);
    leaf.move(at + 1, leaf.size, at);
    leaf.truncate(leaf.size - 1);
    return leaf;
  }

  @Override
  Leaf owned(long currentEpoch) {
    if (isOwnedBy(currentEpoch)) {
      return this;
    }
    Leaf copy = new Leaf(currentEpoch);
    copy.appendFrom(this, 0, size);
    return copy;
  }

  @Override
  byte @Nullable [] balanceWith(Node neighbour, byte[] separator) {
    Leaf right = (Leaf) neighbour;
    if (size + right.size <= MAX) {
      appendFrom(right, 0, right.size);
      return null;
    }
    int target = (size + right.size) / 2;
    if (size < target) {
      int moved = target - size;
      appendFrom(right, 0, moved);
      right.move(moved, right.size, 0);
      right.truncate(right.size - moved);
    } else {
      int moved = size - target;
      right.move(0, right.size, moved);
      System.arraycopy(entries, target, right.entries, 0, moved);
      System.arraycopy(keys, target, right.keys, 0, moved);
      right.size += moved;
      truncate(target);
    }
    return right.firstKey();
  }

  /** The place of the key; else the complement of where it would be. */
  int find(byte[] key) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(keys[middle], key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ~low;
  }

  private void insert(int at, KvEntry entry) {
    move(at, size, at + 1);
    set(at, entry);
    size++;
  }

  /** Puts an entry into a place that is free, or where one of the same key was. */
  void set(int at, KvEntry entry) {
    entries[at] = entry;
    keys[at] = entry.keyArray();
  }

  /** Moves entries inside of this leaf. */
  private void move(int from, int toExclusive, int target) {
    System.arraycopy(entries, from, entries, target, toExclusive - from);
    System.arraycopy(keys, from, keys, target, toExclusive - from);
  }

  /** Splits in the middle, or near the end for keys that arrive in ascending order. */
  private Leaf splitAndInsert(int at, KvEntry entry, long currentEpoch) {
    int keep = at == size ? MAX - MIN : MAX / 2;
    Leaf right = new Leaf(currentEpoch);
    right.appendFrom(this, keep, size - keep);
    truncate(keep);
    if (at <= keep) {
      insert(at, entry);
    } else {
      right.insert(at - keep, entry);
    }
    return right;
  }

  private void appendFrom(Leaf source, int from, int length) {
    System.arraycopy(source.entries, from, entries, size, length);
    System.arraycopy(source.keys, from, keys, size, length);
    size += length;
  }

  /** Clears what is cut off, or it would not be collected. */
  private void truncate(int newSize) {
    Arrays.fill(entries, newSize, size, null);
    Arrays.fill(keys, newSize, size, null);
    size = newSize;
  }
}
