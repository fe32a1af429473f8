package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * Sessions in the order of their last use, by log index: a list linked through their seats, so that
 * a touch costs nothing and the order is that of the log, never that of a hash table.
 */
final class SessionRing {
  private @Nullable SessionSeat oldest;
  private @Nullable SessionSeat newest;
  private int size;

  int size() {
    return size;
  }

  /** The least recently used, or null. */
  @Nullable SessionSeat oldest() {
    return oldest;
  }

  /** Adds a session that was used last of all. */
  void add(SessionSeat seat) {
    SessionSeat last = newest;
    if (last == null) {
      oldest = seat;
    } else {
      long used = seat.session.lastUsedIndex;
      long usedBefore = last.session.lastUsedIndex;
      Check.that(used > usedBefore, "rings are in log order", used, usedBefore);
      last.behind = seat;
      seat.before = last;
    }
    newest = seat;
    size++;
  }

  void remove(SessionSeat seat) {
    SessionSeat before = seat.before;
    SessionSeat behind = seat.behind;
    if (before == null) {
      oldest = behind;
    } else {
      before.behind = behind;
    }
    if (behind == null) {
      newest = before;
    } else {
      behind.before = before;
    }
    seat.before = null;
    seat.behind = null;
    size--;
  }
}
