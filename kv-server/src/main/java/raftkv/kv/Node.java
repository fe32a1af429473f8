package raftkv.kv;

import org.jspecify.annotations.Nullable;

/**
 * A node of the B+tree. It belongs to an epoch: only edits of that epoch may change it in place,
 * later ones copy it first. So a tree that nobody captured is never copied, and a captured one
 * never changes.
 */
abstract sealed class Node permits Leaf, Inner {
  /** Most entries of a leaf, most children of an inner node. */
  static final int MAX = 64;

  /** Fewest of either, but for the root. */
  static final int MIN = MAX / 4;

  /** Entries or children in use. */
  int size;

  private final long epoch;

  Node(long epoch) {
    this.epoch = epoch;
  }

  /** Called for entries in key order; false ends the scan. */
  interface Visitor {
    boolean visit(KvEntry entry);
  }

  final boolean isOwnedBy(long currentEpoch) {
    return epoch == currentEpoch;
  }

  /** Entries below this node. */
  abstract long count();

  /** The leaf that has the key, if any has. */
  abstract Leaf leafOf(byte[] key);

  final @Nullable KvEntry get(byte[] key) {
    Leaf leaf = leafOf(key);
    int at = leaf.find(key);
    return at >= 0 ? leaf.entries[at] : null;
  }

  /** Number of entries below this node with smaller keys. */
  abstract long rank(byte[] key);

  /** Visits entries from that key on; false if the visitor ended it. */
  abstract boolean scan(byte[] from, Visitor visitor);

  /** The smallest key below this node. */
  abstract byte[] firstKey();

  /**
   * Stores an entry. What it replaced, and the right half if this node was split, are left in the
   * edit.
   *
   * @return this node, or its copy in the edit's epoch
   */
  abstract Node put(KvEntry entry, Edit edit);

  /** Removes the entry of a key that is there. Returns this node, or its copy. */
  abstract Node remove(byte[] key, Edit edit);

  /** This node or a copy that belongs to the epoch. */
  abstract Node owned(long currentEpoch);

  /**
   * Evens out two neighbours, one of which has too few, by moving all into this one if they fit, or
   * half of the difference. Both are owned by the edit's epoch.
   *
   * @return the key that separates them from now on, or null if the right one is empty and gone
   */
  abstract byte @Nullable [] balanceWith(Node right, byte[] separator);

  /** What a put or remove passes up and down. Owned by the store. */
  static final class Edit {
    /** Which nodes may be changed in place. */
    long epoch = 1;

    /** The entry that was replaced, if any. */
    @Nullable KvEntry previous;

    /** The new right neighbour of a node that was split. */
    @Nullable Node right;

    /** Takes the right neighbour out. */
    @Nullable Node takeRight() {
      Node taken = right;
      right = null;
      return taken;
    }
  }
}
