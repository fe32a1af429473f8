package raftkv.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory: writes wait until they are forced, one by one and in order; a crash loses those
 * that were not. Snapshots are durable at once.
 */
final class TestDisk {
  private final ArrayDeque<Write> queued = new ArrayDeque<>();
  private HardState hardState = HardState.BLANK;
  private @Nullable SnapshotMeta snapshot;
  private LogPosition base = LogPosition.ZERO;
  private final ArrayList<LogEntry> entries = new ArrayList<>();
  private long commitHint;

  /** Begins with that content. */
  static TestDisk of(HardState hardState, List<LogEntry> entries, long commitHint) {
    TestDisk disk = new TestDisk();
    disk.hardState = hardState;
    disk.entries.addAll(entries);
    disk.commitHint = commitHint;
    return disk;
  }

  void submit(Write write) {
    queued.add(write);
  }

  boolean hasQueued() {
    return !queued.isEmpty();
  }

  /** Makes the oldest write durable, and says which it was. */
  Write force() {
    Write write = queued.remove();
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      entries.clear();
      base = reset.lastIncluded();
    }
    if (write.cutAt() > 0) {
      entries.removeIf(entry -> entry.index() >= write.cutAt());
    }
    for (LogEntry entry : write.entries()) {
      Check.that(entry.index() == last().index() + 1, "a write continues the stored log");
      entries.add(entry);
    }
    hardState = write.hardState();
    commitHint = Math.max(commitHint, write.commitIndex());
    return write;
  }

  void crash() {
    queued.clear();
  }

  void saveSnapshot(SnapshotMeta meta) {
    snapshot = meta;
  }

  /** What a start finds here; joining the two is the core's work (safety rule 6.6). */
  DurableState durableState() {
    return new DurableState(hardState, base, snapshot, List.copyOf(entries), commitHint);
  }

  /** The log's prefix is needed no more, up to there. */
  void dropThrough(LogPosition newBase) {
    if (newBase.index() > base.index() && logHolds(newBase)) {
      entries.removeIf(entry -> entry.index() <= newBase.index());
      base = newBase;
    }
  }

  /** The end of the newest snapshot. */
  long snapshotIndex() {
    SnapshotMeta meta = snapshot;
    return meta == null ? 0 : meta.lastIncluded().index();
  }

  HardState hardState() {
    return hardState;
  }

  /** The end of the forced log. */
  LogPosition last() {
    return entries.isEmpty() ? base : entries.get(entries.size() - 1).position();
  }

  /** Whether that entry, or a snapshot that covers it, is forced. */
  boolean holds(LogPosition position) {
    return position.index() <= snapshotIndex() || logHolds(position);
  }

  private boolean logHolds(LogPosition position) {
    LogEntry entry = entryAt(position.index());
    return position.equals(base) || (entry != null && entry.term() == position.term());
  }

  /** The forced entry at that index, or null. */
  @Nullable LogEntry entryAt(long index) {
    long place = index - base.index() - 1;
    return place >= 0 && place < entries.size() ? entries.get((int) place) : null;
  }
}
