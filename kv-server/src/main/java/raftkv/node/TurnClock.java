package raftkv.node;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Measures turns; a long one keeps heartbeats waiting. Owned by the loop. */
final class TurnClock {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");
  private static final long SLOW_NANOS = 50_000_000L;
  private static final long QUIET_NANOS = 1_000_000_000L;

  private final Situation situation;
  private long begunNanos;
  private long turns;
  private long totalNanos;
  private long longestNanos;
  private long slowTurns;
  private long quietUntilNanos = Long.MIN_VALUE;

  TurnClock(Situation situation) {
    this.situation = situation;
  }

  void begin(long nowNanos) {
    begunNanos = nowNanos;
    situation.tick(nowNanos);
  }

  void end(long nowNanos) {
    long took = nowNanos - begunNanos;
    turns++;
    totalNanos += took;
    longestNanos = Math.max(longestNanos, took);
    if (took > SLOW_NANOS) {
      slowTurns++;
      warn(nowNanos, took);
    }
  }

  /** At most one line a second: a node in trouble has better things to do. */
  private void warn(long nowNanos, long took) {
    if (nowNanos >= quietUntilNanos) {
      quietUntilNanos = nowNanos + QUIET_NANOS;
      LOG.warn(
          "a turn took {} slow_turns={} node={} term={}",
          Words.millis(took),
          slowTurns,
          situation.self(),
          situation.raft.term());
    }
  }

  NodeStatus.TurnStatus status() {
    return new NodeStatus.TurnStatus(turns, totalNanos, longestNanos, slowTurns);
  }
}
