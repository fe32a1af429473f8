package raftkv.kv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries: a B+tree over keys in unsigned byte order that can be captured in O(1) (ADR 0010).
 * Owned by the loop; what {@link #capture} returns may go to any thread.
 */
final class KvStore {
  /** Children of a bulk-loaded node, at most: full nodes would split at the first put. */
  private static final int LOADED = Node.MAX - Node.MAX / 8;

  private final Node.Edit edit = new Node.Edit();
  private Node root;

  /** Where {@link #get} found an entry last, until anything moves. */
  private @Nullable Leaf foundIn;

  private int foundAt;
  private long heapBytes;

  KvStore() {
    root = new Leaf(edit.epoch);
  }

  /** A store with these entries, whose keys ascend. */
  static KvStore bulkLoad(List<KvEntry> ascending) {
    KvStore store = new KvStore();
    for (KvEntry entry : ascending) {
      store.heapBytes += entry.heapBytes();
    }
    List<Node> level = new ArrayList<>();
    for (List<KvEntry> part : parts(ascending)) {
      level.add(Leaf.of(store.edit.epoch, part));
    }
    while (level.size() > 1) {
      List<Node> above = new ArrayList<>();
      for (List<Node> part : parts(level)) {
        above.add(Inner.of(store.edit.epoch, part));
      }
      level = above;
    }
    if (!level.isEmpty()) {
      store.root = level.get(0);
    }
    return store;
  }

  long count() {
    return root.count();
  }

  /** What the entries take of the heap; more while a capture holds older ones. */
  long heapBytes() {
    return heapBytes;
  }

  @Nullable KvEntry get(byte[] key) {
    Leaf leaf = root.leafOf(key);
    int at = leaf.find(key);
    foundIn = at >= 0 ? leaf : null;
    foundAt = at;
    return at >= 0 ? leaf.entries[at] : null;
  }

  /**
   * Stores an entry; returns what was there under its key. What {@link #get} has just found is not
   * searched again.
   */
  @Nullable KvEntry put(KvEntry entry) {
    KvEntry previous = place(entry);
    heapBytes += entry.heapBytes() - (previous == null ? 0 : previous.heapBytes());
    return previous;
  }

  private @Nullable KvEntry place(KvEntry entry) {
    Leaf leaf = foundIn;
    if (leaf != null
        && leaf.isOwnedBy(edit.epoch)
        && leaf.entries[foundAt].keyArray() == entry.keyArray()) {
      KvEntry previous = leaf.entries[foundAt];
      leaf.set(foundAt, entry);
      return previous;
    }
    foundIn = null;
    root = root.put(entry, edit);
    Node right = edit.takeRight();
    if (right != null) {
      root = Inner.of(edit.epoch, List.of(root, right));
    }
    KvEntry previous = edit.previous;
    edit.previous = null;
    return previous;
  }

  /** Removes and returns the entry of a key; null, and nothing is copied, if there is none. */
  @Nullable KvEntry remove(byte[] key) {
    KvEntry found = root.get(key);
    if (found == null) {
      return null;
    }
    foundIn = null;
    heapBytes -= found.heapBytes();
    root = root.remove(key, edit);
    if (root.size == 1 && root instanceof Inner inner) {
      root = inner.children[0];
    }
    return found;
  }

  /** The entries as they are now, for ever. From here on, nodes are copied when they change. */
  KvView capture() {
    edit.epoch++;
    return new KvView(root);
  }

  /** The entries as they are, for use on the loop before the next change. */
  KvView current() {
    return new KvView(root);
  }

  /** For tests of the structure. */
  Node root() {
    return root;
  }

  /** Cuts a list into as few parts of at most {@link #LOADED} as possible, of even sizes. */
  private static <T> List<List<T>> parts(List<T> all) {
    int number = (all.size() + LOADED - 1) / LOADED;
    List<List<T>> parts = new ArrayList<>(number);
    int from = 0;
    for (int i = 1; i <= number; i++) {
      int to = (int) ((long) all.size() * i / number);
      parts.add(all.subList(from, to));
      from = to;
    }
    return parts;
  }
}
