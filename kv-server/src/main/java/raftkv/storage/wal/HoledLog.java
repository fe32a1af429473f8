package raftkv.storage.wal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
  /** Of an entry whose batch is damaged: nothing in the log may have been in front of it. */
  private static final int NO_STRETCH = -1;

  /** An entry, and in which stretch it was read. */
  private record Read(LogEntry entry, int stretch) {}

  private LogPosition base = LogPosition.ZERO;
  private LogPosition last = LogPosition.ZERO;

  /** What was read so far is left over from a compaction: cut in front of its own beginning. */
  private boolean leftover;

  private final TreeMap<Long, Read> entries = new TreeMap<>();

  /** Index to term. */
  private final TreeMap<Long, Long> certain = new TreeMap<>();

  /** Records between two losses are a stretch: no change of the log in its midst is unknown. */
  private int stretch;

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
    append(entry, stretch);
    certain.put(entry.index(), entry.term());
  }

  /** An intact entry of a damaged batch: it may be another batch's. */
  void appendUncertain(LogEntry entry) {
    append(entry, NO_STRETCH);
  }

  private void append(LogEntry entry, int of) {
    entries.tailMap(entry.index(), true).clear();
    certain.tailMap(entry.index(), true).clear();
    entries.put(entry.index(), new Read(entry, of));
  }

  /** An intact header says where the log ended. */
  void endsAt(LogPosition position) {
    entries.tailMap(position.index(), false).clear();
    certain.tailMap(position.index(), false).clear();
    last = position;
    if (position.index() > base.index()) {
      Read read = entries.get(position.index());
      if (read != null && read.entry().term() != position.term()) {
        entries.remove(position.index());
      }
      certain.put(position.index(), position.term());
    }
  }

  /** A record is lost: whatever was there may have been superseded by it. */
  void recordsAreLost() {
    certain.clear();
    stretch++;
  }

  /**
   * What is known in the end. An intact entry is certain if
   *
   * <ul>
   *   <li>the next certain position is of its term: a leader writes each index of its term once, so
   *       that a log with a position of some term holds all that term's entries in front of it; or
   *   <li>a certain entry stands behind it in its stretch: the log of back then had both, and two
   *       logs with that one entry agree in all that is in front of it (Log Matching, Raft §5.3).
   * </ul>
   */
  LogFragments fragments(LogState state, boolean hardStateLost) {
    Deque<LogEntry> intact = new ArrayDeque<>();
    Deque<LogEntry> doubtful = new ArrayDeque<>();
    int vouched = NO_STRETCH;
    // An entry that is appended removes those behind it: the indices rise as the stretches do.
    for (Read read : entries.descendingMap().values()) {
      LogEntry entry = read.entry();
      Map.Entry<Long, Long> next = certain.ceilingEntry(entry.index());
      boolean inStretch = read.stretch() != NO_STRETCH;
      if ((inStretch && read.stretch() == vouched)
          || (next != null && next.getValue() == entry.term())) {
        certain.put(entry.index(), entry.term());
        intact.addFirst(entry);
        vouched = inStretch ? read.stretch() : vouched;
      } else {
        doubtful.addFirst(entry);
      }
    }
    List<LogPosition> positions = new ArrayList<>();
    certain.forEach((index, term) -> positions.add(new LogPosition(index, term)));
    return new LogFragments(
        base,
        last,
        List.copyOf(positions),
        List.copyOf(intact),
        List.copyOf(doubtful),
        state.hardState(),
        hardStateLost,
        state.commitIndex());
  }
}
