package raftkv.node;

import java.util.ArrayDeque;

/**
 * Notices that this process stood still, as after SIGSTOP. The heartbeats that it hears right after
 * that may have lain in buffers ever since: they say nothing of how fresh its state is now, only of
 * the moment at which it fell asleep. Owned by the loop.
 */
final class Standstills {
  /** Turns of a node that follows or leads are not so far apart: heartbeats come more often. */
  private static final long STANDSTILL_NANOS = 100_000_000L;

  /** How long it may take to read all buffers empty. */
  private static final long GRACE_NANOS = 20_000_000L;

  /** So many are told apart; the oldest of more count as one. */
  private static final int REMEMBERED = 16;

  /** What was heard in this time, its ends included, may be as old as its beginning. */
  private record Doubt(long fellAsleepNanos, long untilNanos) {
    Doubt until(long nanos) {
      return new Doubt(fellAsleepNanos, nanos);
    }
  }

  /** In their order; a state may have been fresh last in any of them. */
  private final ArrayDeque<Doubt> doubts = new ArrayDeque<>();

  private long lastTurnNanos = Long.MAX_VALUE;

  /** Once a turn, when it begins. */
  void onTurn(long nowNanos) {
    if (nowNanos - STANDSTILL_NANOS > lastTurnNanos) {
      remember(nowNanos + GRACE_NANOS);
    }
    lastTurnNanos = nowNanos;
  }

  private void remember(long untilNanos) {
    Doubt newest = doubts.peekLast();
    if (newest != null && lastTurnNanos <= newest.untilNanos) {
      doubts.removeLast();
      doubts.add(newest.until(untilNanos));
    } else {
      doubts.add(new Doubt(lastTurnNanos, untilNanos));
    }
    if (doubts.size() > REMEMBERED) {
      Doubt oldest = doubts.remove();
      doubts.addFirst(oldest.until(doubts.remove().untilNanos));
    }
  }

  /** As of when the state is fresh for sure, if the core takes it for fresh as of then. */
  long certain(long freshAsOfNanos) {
    for (Doubt doubt : doubts) {
      if (freshAsOfNanos <= doubt.untilNanos) {
        return Math.min(freshAsOfNanos, doubt.fellAsleepNanos);
      }
    }
    return freshAsOfNanos;
  }
}
