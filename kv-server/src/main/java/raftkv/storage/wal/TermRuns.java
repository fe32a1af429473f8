package raftkv.storage.wal;

import java.util.ArrayList;
import java.util.List;
import raftkv.raft.Check;
import raftkv.raft.LogPosition;

/**
 * The term of every index of the log, kept as the position at which each term begins: what remains
 * of the log in this package once the entries are handed over, so that a cut knows the position in
 * front of it. Owned by one thread at a time.
 */
final class TermRuns {
  /** Ascending by index; the first is the base itself. Never empty. */
  private final List<LogPosition> begins = new ArrayList<>();

  private long lastIndex;

  TermRuns(LogPosition base) {
    reset(base);
  }

  /** Forgets everything; the log is empty behind that position. */
  void reset(LogPosition base) {
    begins.clear();
    begins.add(base);
    lastIndex = base.index();
  }

  LogPosition base() {
    return begins.get(0);
  }

  LogPosition last() {
    return new LogPosition(lastIndex, lastTerm());
  }

  private long lastTerm() {
    return begins.get(begins.size() - 1).term();
  }

  void append(LogPosition position) {
    Check.that(position.index() == lastIndex + 1, "log is contiguous", position.index(), lastIndex);
    Check.that(position.term() >= lastTerm(), "terms of a log never fall");
    if (position.term() > lastTerm()) {
      begins.add(position);
    }
    lastIndex = position.index();
  }

  /** Whether {@link #cutAt} may be called with that index. */
  boolean reaches(long index) {
    return index > base().index() && index <= lastIndex + 1;
  }

  /** Drops that index and everything behind it. */
  void cutAt(long index) {
    Check.that(reaches(index), "a cut is inside the log", index, lastIndex);
    while (begins.size() > 1 && begins.get(begins.size() - 1).index() >= index) {
      begins.remove(begins.size() - 1);
    }
    lastIndex = index - 1;
  }
}
