package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * Sessions in the order of their last use, by log index: a list linked through the sessions, so
 * that a touch costs nothing and the order is that of the log, never that of a hash table.
 */
final class SessionRing {
  private @Nullable Session oldest;
  private @Nullable Session newest;
  private int size;

  int size() {
    return size;
  }

  /** The least recently used, or null. */
  @Nullable Session oldest() {
    return oldest;
  }

  /** Adds a session that was used last of all. */
  void add(Session session) {
    Session last = newest;
    if (last == null) {
      oldest = session;
    } else {
      boolean later = session.lastUsedIndex > last.lastUsedIndex;
      Check.that(later, "rings are in log order", session.lastUsedIndex, last.lastUsedIndex);
      last.behind = session;
      session.before = last;
    }
    newest = session;
    size++;
  }

  void remove(Session session) {
    Session before = session.before;
    Session behind = session.behind;
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
    session.before = null;
    session.behind = null;
    size--;
  }
}
