package raftkv.raft;

import java.util.List;

/**
 * The entries in memory, with the cursors of their way:
 *
 * <pre>
 *   base &lt;= handedOut &lt;= commitIndex &lt;= lastIndex        appliedIndex &lt;= handedOut
 *   base &lt;= snapshot  &lt;= commitIndex
 * </pre>
 *
 * <p>Its first index may be above 1: what is at or below {@link #base} is gone, and covered by the
 * snapshot. What lies between the two is covered as well, and kept for followers that lag.
 * Durability is not its matter ({@link PendingWrites}); what has yet to be written is.
 */
final class RaftLog {
  private static final long NO_CUT = 0;

  private LogPosition base;

  /** The end of the newest snapshot of this node's state, or of the one it was restored from. */
  private LogPosition snapshot;

  /** All behind the base; what is applied, and so was committed, is settled. */
  private final LogEntries entries;

  private long commitIndex;
  private long handedOut;
  private long appliedIndex;

  /** All entries up to here were handed to the log store, as they are now. */
  private long writtenTo;

  /** What was handed to the log store from here on is superseded; {@link #NO_CUT} if nothing. */
  private long cutAt = NO_CUT;

  private long uncommittedBytes;

  RaftLog(LogPosition base, List<LogEntry> durable, long commitIndex) {
    this.base = base;
    this.snapshot = base;
    this.entries = new LogEntries(base.index() + 1, durable);
    this.writtenTo = lastIndex();
    this.commitIndex = Math.max(base.index(), Math.min(commitIndex, lastIndex()));
    this.handedOut = base.index();
    this.appliedIndex = base.index();
    this.uncommittedBytes = sizeOf(this.commitIndex + 1, lastIndex());
  }

  LogPosition base() {
    return base;
  }

  /** The end of the newest snapshot, at or behind the base. */
  LogPosition snapshot() {
    return snapshot;
  }

  long firstIndex() {
    return base.index() + 1;
  }

  long lastIndex() {
    return entries.lastIndex();
  }

  LogPosition last() {
    return new LogPosition(lastIndex(), termAt(lastIndex()));
  }

  long commitIndex() {
    return commitIndex;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  long uncommittedBytes() {
    return uncommittedBytes;
  }

  /** The entry at an index that the log holds. */
  LogEntry entry(long index) {
    return entries.get(held(index));
  }

  private long held(long index) {
    Check.that(
        index > base.index() && index <= lastIndex(), "index is in the log", index, lastIndex());
    return index;
  }

  /** The term at an index from base to lastIndex. */
  long termAt(long index) {
    return index == base.index() ? base.term() : entries.term(held(index));
  }

  /**
   * The consistency check of §5.3: whether this log holds an entry of that term at that index. What
   * is committed, and so is covered by the base, equals every later leader's text.
   */
  boolean contains(LogPosition position) {
    if (position.index() < base.index()) {
      return true;
    }
    return position.index() <= lastIndex() && termAt(position.index()) == position.term();
  }

  /**
   * Where a leader that was refused at that index should look next: the first index of the term
   * that stands there, or the place behind the end of a log that is too short.
   */
  LogPosition conflictAt(long index) {
    if (index > lastIndex()) {
      return new LogPosition(lastIndex() + 1, 0);
    }
    long term = termAt(index);
    long first = index;
    while (first > firstIndex() && first - 1 > commitIndex && termAt(first - 1) == term) {
      first--;
    }
    return new LogPosition(first, term);
  }

  /** The last index at or below {@code fromIndex} with a term at or below that one, or the base. */
  long lastIndexWithTermAtMost(long term, long fromIndex) {
    long index = Math.max(base.index(), Math.min(fromIndex, lastIndex()));
    while (index > base.index() && termAt(index) > term) {
      index--;
    }
    return index;
  }

  /** Appends one entry behind the last. */
  void append(LogEntry entry) {
    Check.that(
        entry.index() == lastIndex() + 1, "appends leave no gap", entry.index(), lastIndex());
    Check.that(entry.term() >= termAt(lastIndex()), "terms in the log do not fall");
    entries.add(entry);
    uncommittedBytes += entry.sizeBytes();
  }

  /** Cuts the log before that index, which is never committed text. */
  void truncateFrom(long index) {
    Check.that(index > commitIndex, "committed entries are never cut", index, commitIndex);
    if (index > lastIndex()) {
      return;
    }
    uncommittedBytes -= sizeOf(index, lastIndex());
    entries.cutFrom(index);
    if (index <= writtenTo) {
      cutAt = cutAt == NO_CUT ? index : Math.min(cutAt, index);
      writtenTo = index - 1;
    }
  }

  /** Replaces the log by a snapshot that ends beyond what is committed here. */
  void resetTo(LogPosition lastIncluded) {
    Check.that(lastIncluded.index() > commitIndex, "a snapshot never goes back");
    entries.beginAt(lastIncluded.index() + 1);
    base = lastIncluded;
    commitIndex = lastIncluded.index();
    writtenTo = lastIncluded.index();
    cutAt = NO_CUT;
    uncommittedBytes = 0;
    replayFrom(lastIncluded);
  }

  /** A snapshot of this very log ends there, beyond what is committed here: skip to its end. */
  void skipTo(LogPosition lastIncluded) {
    commitTo(lastIncluded.index());
    replayFrom(lastIncluded);
  }

  /**
   * The state machine is, from now on, that of a snapshot of this log, ahead of it or behind: what
   * is committed behind the snapshot is handed out again.
   */
  void replayFrom(LogPosition lastIncluded) {
    Check.that(lastIncluded.index() >= base.index(), "what follows a snapshot is in the log");
    Check.that(contains(lastIncluded), "the snapshot is of this log");
    Check.that(lastIncluded.index() <= commitIndex, "a snapshot is of committed text");
    snapshot = lastIncluded;
    handedOut = lastIncluded.index();
    appliedIndex = lastIncluded.index();
    entries.settle(appliedIndex);
  }

  /**
   * A snapshot of this node covers the log up to there: its prefix goes, except for what is kept in
   * front of the snapshot's end for those that lag, less than so many bytes.
   */
  void compactTo(LogPosition lastIncluded, long retainedBytes) {
    if (lastIncluded.index() <= snapshot.index()) {
      return;
    }
    Check.that(lastIncluded.index() <= appliedIndex, "only applied entries are compacted");
    Check.that(contains(lastIncluded), "the snapshot is of this log");
    snapshot = lastIncluded;
    dropPrefix(retainedBytes);
  }

  /** Drops what is not kept for those that lag. */
  void dropPrefix(long retainedBytes) {
    long index = snapshot.index();
    long bytes = 0;
    while (index > base.index() && bytes + entries.sizeBytes(index) < retainedBytes) {
      bytes += entries.sizeBytes(index);
      index--;
    }
    dropThrough(index);
  }

  /** Drops what is kept up to there; what no snapshot covers stays. */
  void dropThrough(long droppedIndex) {
    long index = Math.min(droppedIndex, snapshot.index());
    if (index > base.index()) {
      base = new LogPosition(index, termAt(index));
      entries.dropThrough(index);
    }
  }

  /** Raises the commit index; returns whether it rose. */
  boolean commitTo(long index) {
    if (index <= commitIndex) {
      return false;
    }
    Check.that(index <= lastIndex(), "only existing entries are committed", index, lastIndex());
    uncommittedBytes -= sizeOf(commitIndex + 1, index);
    commitIndex = index;
    return true;
  }

  /** The state machine has applied everything up to there. */
  void applied(long index) {
    Check.that(index <= handedOut, "only handed-out entries are applied", index, handedOut);
    Check.that(index >= appliedIndex, "the applied index does not fall", index, appliedIndex);
    appliedIndex = index;
    entries.settle(index);
  }

  boolean hasUnwritten() {
    return cutAt != NO_CUT || writtenTo < lastIndex();
  }

  /** For the next write: from where the stored log is superseded, or 0. */
  long cutAt() {
    return cutAt;
  }

  /** Hands over, once, what the log store does not have yet. */
  List<LogEntry> takeUnwritten() {
    List<LogEntry> unwritten = entries.copy(writtenTo + 1, lastIndex());
    writtenTo = lastIndex();
    cutAt = NO_CUT;
    return unwritten;
  }

  boolean hasCommitted() {
    return handedOut < commitIndex;
  }

  /** Hands over, once and in order, what may be applied: at least one entry, if there is one. */
  List<LogEntry> takeCommitted(int maxEntries, long maxBytes) {
    long toIndex =
        lastIndexWithin(handedOut + 1, Math.min(commitIndex, handedOut + maxEntries), maxBytes);
    List<LogEntry> committed = entries.copy(handedOut + 1, toIndex);
    handedOut = toIndex;
    return committed;
  }

  /** A batch for a follower from that index on: at least one entry, if there is one. */
  List<LogEntry> batchFrom(long fromIndex, long maxBytes) {
    Check.that(fromIndex > base.index(), "a batch is in the log", fromIndex, base.index());
    return entries.copy(fromIndex, lastIndexWithin(fromIndex, lastIndex(), maxBytes));
  }

  private long lastIndexWithin(long fromIndex, long limitIndex, long maxBytes) {
    long bytes = 0;
    long index = fromIndex;
    while (index <= limitIndex) {
      bytes += entries.sizeBytes(index);
      if (bytes > maxBytes && index > fromIndex) {
        break;
      }
      index++;
    }
    return index - 1;
  }

  private long sizeOf(long fromIndex, long toIndex) {
    long bytes = 0;
    for (long index = fromIndex; index <= toIndex; index++) {
      bytes += entries.sizeBytes(index);
    }
    return bytes;
  }
}
