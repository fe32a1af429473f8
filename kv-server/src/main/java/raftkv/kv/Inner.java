package raftkv.kv;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * Children in key order, the number of entries below, and in front of each child but the first the
 * key that separates it from the one before: not larger than any key in it, larger than all keys
 * before it. A separator need not be a key that is still there.
 */
final class Inner extends Node {
  final Node[] children;

  /** {@code separators[i]} stands in front of {@code children[i]}; the first is not used. */
  final byte[][] separators;

  private long count;

  Inner(long epoch) {
    super(epoch);
    this.children = new Node[MAX];
    this.separators = new byte[MAX][];
  }

  /** A node above these. */
  static Inner of(long epoch, List<? extends Node> ascending) {
    Inner inner = new Inner(epoch);
    for (Node child : ascending) {
      inner.append(child, child.firstKey());
    }
    return inner;
  }

  @Override
  long count() {
    return count;
  }

  @Override
  Leaf leafOf(byte[] key) {
    return children[childOf(key)].leafOf(key);
  }

  @Override
  long rank(byte[] key) {
    int at = childOf(key);
    long before = children[at].rank(key);
    for (int i = 0; i < at; i++) {
      before += children[i].count();
    }
    return before;
  }

  @Override
  boolean scan(byte[] from, Visitor visitor) {
    for (int i = childOf(from); i < size; i++) {
      if (!children[i].scan(from, visitor)) {
        return false;
      }
    }
    return true;
  }

  @Override
  byte[] firstKey() {
    return children[0].firstKey();
  }

  @Override
  Node put(KvEntry entry, Edit edit) {
    Inner inner = owned(edit.epoch);
    int at = inner.childOf(entry.keyArray());
    inner.children[at] = inner.children[at].put(entry, edit);
    if (edit.previous == null) {
      inner.count++;
    }
    Node right = edit.takeRight();
    if (right != null) {
      edit.right = inner.insertOrSplit(at + 1, right, edit.epoch);
    }
    return inner;
  }

  @Override
  Node remove(byte[] key, Edit edit) {
    Inner inner = owned(edit.epoch);
    int at = inner.childOf(key);
    Node child = inner.children[at].remove(key, edit);
    inner.children[at] = child;
    inner.count--;
    if (child.size < MIN && inner.size > 1) {
      inner.balance(at > 0 ? at - 1 : 0, edit.epoch);
    }
    return inner;
  }

  @Override
  Inner owned(long currentEpoch) {
    if (isOwnedBy(currentEpoch)) {
      return this;
    }
    Inner copy = new Inner(currentEpoch);
    copy.appendFrom(this, 0, size);
    return copy;
  }

  @Override
  byte @Nullable [] balanceWith(Node neighbour, byte[] separator) {
    Inner right = (Inner) neighbour;
    right.separators[0] = separator;
    if (size + right.size <= MAX) {
      appendFrom(right, 0, right.size);
      return null;
    }
    int target = (size + right.size) / 2;
    if (size < target) {
      int moved = target - size;
      appendFrom(right, 0, moved);
      right.dropFirst(moved);
    } else {
      right.prependFrom(this, target);
      truncate(target);
    }
    return right.separators[0];
  }

  /** The child that has the key, if any has. */
  private int childOf(byte[] key) {
    int low = 1;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(separators[middle], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private void append(Node child, byte[] separator) {
    children[size] = child;
    separators[size] = separator;
    size++;
    count += child.count();
  }

  private @Nullable Inner insertOrSplit(int at, Node child, long currentEpoch) {
    if (size < MAX) {
      insert(at, child);
      return null;
    }
    int keep = at == size ? MAX - MIN : MAX / 2;
    Inner right = new Inner(currentEpoch);
    right.appendFrom(this, keep, size - keep);
    truncate(keep);
    if (at <= keep) {
      insert(at, child);
      recount();
    } else {
      right.insert(at - keep, child);
      right.recount();
    }
    return right;
  }

  /** The count is the caller's matter: the child's entries were split off from a sibling. */
  private void insert(int at, Node child) {
    System.arraycopy(children, at, children, at + 1, size - at);
    System.arraycopy(separators, at, separators, at + 1, size - at);
    children[at] = child;
    separators[at] = child.firstKey();
    size++;
  }

  private void balance(int leftAt, long currentEpoch) {
    int rightAt = leftAt + 1;
    Node left = children[leftAt].owned(currentEpoch);
    Node right = children[rightAt].owned(currentEpoch);
    children[leftAt] = left;
    children[rightAt] = right;
    byte[] separator = left.balanceWith(right, separators[rightAt]);
    if (separator != null) {
      separators[rightAt] = separator;
      return;
    }
    int behind = size - rightAt - 1;
    System.arraycopy(children, rightAt + 1, children, rightAt, behind);
    System.arraycopy(separators, rightAt + 1, separators, rightAt, behind);
    size--;
    clearFrom(size, size + 1);
  }

  private void appendFrom(Inner source, int from, int length) {
    System.arraycopy(source.children, from, children, size, length);
    System.arraycopy(source.separators, from, separators, size, length);
    size += length;
    recount();
  }

  private void prependFrom(Inner left, int from) {
    int moved = left.size - from;
    Check.that(moved + size <= MAX, "moved children fit", moved, size);
    System.arraycopy(children, 0, children, moved, size);
    System.arraycopy(separators, 0, separators, moved, size);
    System.arraycopy(left.children, from, children, 0, moved);
    System.arraycopy(left.separators, from, separators, 0, moved);
    size += moved;
    recount();
  }

  private void dropFirst(int dropped) {
    System.arraycopy(children, dropped, children, 0, size - dropped);
    System.arraycopy(separators, dropped, separators, 0, size - dropped);
    truncate(size - dropped);
  }

  private void truncate(int newSize) {
    clearFrom(newSize, size);
    size = newSize;
    recount();
  }

  private void clearFrom(int from, int toExclusive) {
    Arrays.fill(children, from, toExclusive, null);
    Arrays.fill(separators, from, toExclusive, null);
  }

  private void recount() {
    count = 0;
    for (int i = 0; i < size; i++) {
      count += children[i].count();
    }
  }
}
