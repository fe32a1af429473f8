package raftkv.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a log, by index, without a gap. What is said to be settled is packed: it is kept
 * for long, and rarely looked at again.
 */
final class LogEntries {
  /**
   * What is settled is packed once it is such a part of what is not, all of which moves up then.
   */
  private static final int PART_WORTH_PACKING = 8;

  /** Oldest first, none empty, each behind the one before. */
  private final ArrayList<PackedEntries> packed = new ArrayList<>();

  /** What is not packed yet. */
  private final ArrayList<LogEntry> recent;

  private long firstRecent;
  private long settledThrough;

  LogEntries(long firstIndex, List<LogEntry> entries) {
    this.firstRecent = firstIndex;
    this.settledThrough = firstIndex - 1;
    this.recent = new ArrayList<>(entries);
    for (int i = 0; i < recent.size(); i++) {
      Check.that(recent.get(i).index() == firstIndex + i, "the log has no gap");
    }
  }

  /** The last index, or the one before the next entry if there is none. */
  long lastIndex() {
    return firstRecent + recent.size() - 1;
  }

  LogEntry get(long index) {
    return index >= firstRecent
        ? recent.get((int) (index - firstRecent))
        : packedWith(index).get(index);
  }

  long term(long index) {
    return index >= firstRecent
        ? recent.get((int) (index - firstRecent)).term()
        : packedWith(index).term(index);
  }

  int sizeBytes(long index) {
    return index >= firstRecent
        ? recent.get((int) (index - firstRecent)).sizeBytes()
        : packedWith(index).sizeBytes(index);
  }

  /** Those from an index to another one, both included; none if they are in the wrong order. */
  List<LogEntry> copy(long fromIndex, long toIndex) {
    if (fromIndex > toIndex) {
      return List.of();
    }
    if (fromIndex >= firstRecent) {
      int from = (int) (fromIndex - firstRecent);
      return List.copyOf(recent.subList(from, (int) (toIndex - firstRecent) + 1));
    }
    List<LogEntry> copy = new ArrayList<>();
    for (long index = fromIndex; index <= toIndex; index++) {
      copy.add(get(index));
    }
    return List.copyOf(copy);
  }

  void add(LogEntry entry) {
    recent.add(entry);
  }

  /** Cuts what stands at that index and behind it, none of which is settled. */
  void cutFrom(long index) {
    Check.that(index > settledThrough, "what is settled is never cut", index, settledThrough);
    recent.subList((int) (index - firstRecent), recent.size()).clear();
  }

  /** Everything up to that index will never be cut. */
  void settle(long index) {
    settledThrough = Math.max(settledThrough, index);
    if ((settledThrough - firstRecent + 1) * PART_WORTH_PACKING >= recent.size()) {
      packSettled();
    }
  }

  private void packSettled() {
    int settled = (int) (settledThrough - firstRecent + 1);
    for (int i = 0; i < settled; i++) {
      pack(recent.get(i));
    }
    recent.subList(0, settled).clear();
    firstRecent += settled;
  }

  private void pack(LogEntry entry) {
    if (packed.isEmpty()) {
      packed.add(new PackedEntries(entry.index()));
    }
    PackedEntries last = packed.get(packed.size() - 1);
    if (!last.add(entry)) {
      PackedEntries next = last.next();
      next.add(entry);
      packed.add(next);
    }
  }

  /** Forgets what stands up to that index, all of it settled; packed, it may stay for a while. */
  void dropThrough(long index) {
    Check.that(index <= settledThrough, "only what is settled is dropped", index, settledThrough);
    if (index >= firstRecent) {
      packSettled();
    }
    int gone = 0;
    while (gone < packed.size() && packed.get(gone).lastIndex() <= index) {
      gone++;
    }
    packed.subList(0, gone).clear();
  }

  /** Forgets everything, and begins anew at that index. */
  void beginAt(long index) {
    packed.clear();
    recent.clear();
    firstRecent = index;
    settledThrough = index - 1;
  }

  private PackedEntries packedWith(long index) {
    int low = 0;
    int high = packed.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (packed.get(middle).firstIndex() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return packed.get(low);
  }
}
