package raftkv.storage.wal;

import java.util.ArrayDeque;
import java.util.Iterator;
import raftkv.raft.LogPosition;

/**
 * Where each segment that holds the log begins, to say which of them a snapshot makes needless. A
 * log may begin with a segment if everything before it is covered by the snapshot, and nothing in
 * it or behind it reaches back to what is before it:
 *
 * <pre>
 *   segment    1          2             3                 4
 *           | 1..40 | 41..80 | 81..90, cut at 75.. | 76..130 |
 *   begins    0       40       80: cut, no beginning   any more
 * </pre>
 *
 * <p>A reset takes the place of all text before it, so that the segment that holds it may be the
 * first whatever stood there, once the snapshot it names is the newest. Owned by one thread at a
 * time.
 */
final class SegmentStarts {
  /**
   * One segment's beginning.
   *
   * @param last of the log when the segment was entered
   * @param neededIndex a snapshot up to here covers all that is before the segment
   * @param cut a later record cuts the log in front of this segment
   */
  private record Start(long segment, LogPosition last, long neededIndex, boolean cut) {
    Start cutAt(long index) {
      return index > last.index() ? this : new Start(segment, last, neededIndex, true);
    }

    Start resetTo(LogPosition base) {
      return new Start(segment, last, Math.min(neededIndex, base.index()), cut);
    }
  }

  /** Ascending by segment; the first is the oldest that exists. */
  private ArrayDeque<Start> starts = new ArrayDeque<>();

  /** The next segment was entered where the log ended there. */
  void entered(long segment, LogPosition last) {
    starts.add(new Start(segment, last, last.index(), false));
  }

  /** The log is cut in front of that index by the segment entered last. */
  void cutAt(long index) {
    ArrayDeque<Start> marked = new ArrayDeque<>(starts.size());
    starts.forEach(start -> marked.add(start.cutAt(index)));
    starts = marked;
  }

  /** The log is replaced, by the segment entered last. */
  void resetTo(LogPosition base) {
    ArrayDeque<Start> marked = new ArrayDeque<>(starts.size());
    starts.forEach(start -> marked.add(start.resetTo(base)));
    starts = marked;
  }

  /** The oldest segment that is kept. */
  long oldest() {
    return starts.getFirst().segment();
  }

  /** Where the log ended when each was entered, the oldest first. */
  long[] beginBehind() {
    return starts.stream().mapToLong(start -> start.last().index()).toArray();
  }

  /**
   * Forgets the segments that a snapshot up to that index makes needless, and returns the oldest
   * that is left. The one entered last always is: it holds the newest hard state.
   */
  long compactTo(long throughIndex) {
    long first = oldest();
    for (Start start : starts) {
      if (!start.cut() && start.neededIndex() <= throughIndex) {
        first = start.segment();
      }
    }
    for (Iterator<Start> each = starts.iterator(); each.hasNext(); ) {
      if (each.next().segment() < first) {
        each.remove();
      }
    }
    return first;
  }
}
