package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import raftkv.port.LogFragments;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

/**
 * A log as it comes out of records of which some are lost. Keeps entries, and apart from them the
 * positions that are certain: what stands in front of a lost record may have been superseded by it.
 */
final class HoledLog {
  private LogPosition base = LogPosition.ZERO;
  private LogPosition last = LogPosition.ZERO;

  /** What was read so far is left over from a compaction: cut in front of its own beginning. */
  private boolean leftover;

  private final TreeMap<Long, LogEntry> entries = new TreeMap<>();

  /** Index to term. */
  private final TreeMap<Long, Long> certain = new TreeMap<>();

  void resetTo(LogPosition newBase) {
    entries.clear();
    certain.clear();
    base = newBase;
    last = newBase;
    leftover = false;
  }

  /** A segment's header says where the log ended in front of it. */
  void segmentBeginsBehind(LogPosition position) {
    if (leftover) {
      resetTo(position);
    } else {
      endsAt(position);
    }
  }

  void cutAt(long index) {
    leftover |= index <= base.index();
    entries.tailMap(index, true).clear();
    certain.tailMap(index, true).clear();
  }

  /** An intact entry of a batch that is wholly intact. */
  void append(LogEntry entry) {
    appendUncertain(entry);
    certain.put(entry.index(), entry.term());
  }

  /** An intact entry of a damaged batch: it may be another batch's. */
  void appendUncertain(LogEntry entry) {
    entries.tailMap(entry.index(), true).clear();
    certain.tailMap(entry.index(), true).clear();
    entries.put(entry.index(), entry);
  }

  /** An intact header says where the log ended. */
  void endsAt(LogPosition position) {
    entries.tailMap(position.index(), false).clear();
    certain.tailMap(position.index(), false).clear();
    last = position;
    if (position.index() > base.index()) {
      LogEntry entry = entries.get(position.index());
      if (entry != null && entry.term() != position.term()) {
        entries.remove(position.index());
      }
      certain.put(position.index(), position.term());
    }
  }

  /** A record is lost: whatever was there may have been superseded by it. */
  void recordsAreLost() {
    certain.clear();
  }

  /**
   * What is known in the end. A leader writes each index of its term once, so that a log with a
   * position of some term holds all that term's entries in front of it: an intact entry is certain
   * if the next certain position is of its term.
   */
  LogFragments fragments(LogState state, boolean hardStateLost) {
    List<LogEntry> intact = new ArrayList<>();
    for (LogEntry entry : entries.values()) {
      Map.Entry<Long, Long> next = certain.ceilingEntry(entry.index());
      if (next != null && next.getValue() == entry.term()) {
        intact.add(entry);
      }
    }
    intact.forEach(entry -> certain.put(entry.index(), entry.term()));
    List<LogPosition> positions = new ArrayList<>();
    certain.forEach((index, term) -> positions.add(new LogPosition(index, term)));
    return new LogFragments(
        base,
        last,
        List.copyOf(positions),
        List.copyOf(intact),
        state.hardState(),
        hardStateLost,
        state.commitIndex());
  }
}
