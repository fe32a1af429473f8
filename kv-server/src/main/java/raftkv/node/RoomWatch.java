package raftkv.node;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import raftkv.port.LogRoom;
import raftkv.port.LogStore;

/**
 * Looks in each turn whether the log's disk has room. A full disk is a state: what is left is a
 * reserve, leadership goes to a peer that has room, writes are refused before they are proposed,
 * reads and deletes go on; room that is back means service back (hazards 77, 78). Owned by the
 * loop.
 */
final class RoomWatch {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  /** So long there has to be room before it counts as back: else each delete would be a change. */
  private static final long SETTLED_NANOS = 10_000_000_000L;

  private static final long HAND_OVER_NANOS = 1_000_000_000L;

  private final Situation situation;
  private final LogStore log;
  private long lastFullNanos;
  private long nextHandOverNanos;

  RoomWatch(Situation situation, LogStore log) {
    this.situation = situation;
    this.log = log;
  }

  /** Draws the consequences; once a turn. */
  void look() {
    if (log.room(0) != LogRoom.FREE) {
      lastFullNanos = situation.now();
      if (!situation.isDiskFull()) {
        LOG.warn("disk is full: not leading, and no writes until there is room {}", place());
        change(true);
      }
    } else if (situation.isDiskFull() && situation.now() - lastFullNanos >= SETTLED_NANOS) {
      LOG.warn("disk has room again {}", place());
      change(false);
    }
    maybeHandOver();
  }

  private void change(boolean full) {
    situation.diskFills(full);
    situation.updateAbilities();
    nextHandOverNanos = situation.now();
  }

  /** Tried again: a peer may get room, or come back, at any time. */
  private void maybeHandOver() {
    boolean due = situation.isDiskFull() && situation.now() >= nextHandOverNanos;
    if (due && situation.raft.isLeader()) {
      nextHandOverNanos = situation.now() + HAND_OVER_NANOS;
      situation.raft.transferLeadership(null);
    }
  }

  private String place() {
    return "node=" + situation.self() + " term=" + situation.raft.term();
  }
}
