package raftkv.simulation.check;

import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;

/** The terms of one node's log, as its writes made it, and the hard state behind it. */
final class LogCopy {
  /** What {@link #termAt} says where nothing is known. */
  static final long NONE = -1;

  private LogPosition base = LogPosition.ZERO;
  private LongList terms = new LongList();
  private HardState hardState = HardState.BLANK;

  /** The end of the newest durable snapshot: as good as the log up to there. */
  private LogPosition snapshot = LogPosition.ZERO;

  LogPosition base() {
    return base;
  }

  HardState hardState() {
    return hardState;
  }

  long lastIndex() {
    return base.index() + terms.size();
  }

  /** The term at an index; that of the base at the base; none above the end or below the base. */
  long termAt(long index) {
    if (index == base.index()) {
      return base.term();
    }
    return index < base.index() || index > lastIndex()
        ? NONE
        : terms.at((int) (index - base.index() - 1));
  }

  LogPosition snapshot() {
    return snapshot;
  }

  void snapshot(LogPosition end) {
    snapshot = end.index() > snapshot.index() ? end : snapshot;
  }

  /** Where the log ends, or the snapshot, if that reaches further. */
  long reach() {
    return Math.max(lastIndex(), snapshot.index());
  }

  boolean holds(LogPosition position) {
    boolean covered = position.index() < base.index() || position.index() <= snapshot.index();
    return covered || termAt(position.index()) == position.term();
  }

  LogPosition last() {
    return new LogPosition(lastIndex(), termAt(lastIndex()));
  }

  void write(Write write) {
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      base = reset.lastIncluded();
      terms = new LongList();
    } else if (write.cutAt() > 0) {
      terms.cutTo((int) Math.max(0, write.cutAt() - base.index() - 1));
    }
    for (LogEntry entry : write.entries()) {
      terms.add(entry.term());
    }
    hardState = write.hardState();
  }

  void found(LogPosition foundBase, Iterable<LogEntry> entries, HardState found) {
    base = foundBase;
    terms = new LongList();
    for (LogEntry entry : entries) {
      terms.add(entry.term());
    }
    hardState = found;
  }

  LogCopy copy() {
    LogCopy copy = new LogCopy();
    copy.base = base;
    copy.terms = terms.copy();
    copy.hardState = hardState;
    copy.snapshot = snapshot;
    return copy;
  }
}
