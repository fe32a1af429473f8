package raftkv.port;

import raftkv.raft.Check;
import raftkv.raft.LogPosition;

/**
 * A node that has lost some of its log asks a peer for it: "if your log contains the anchor, send
 * me what it has from that index on, up to the anchor" (safety rule 6.2).
 *
 * @param anchor intact at the node that asks, behind everything that it has lost
 * @param fromIndex first index asked for, at most that of the anchor
 */
public record LogQuestion(LogPosition anchor, long fromIndex) {
  /** Checks the ranges. */
  public LogQuestion {
    Check.that(fromIndex >= 1 && fromIndex <= anchor.index(), "a question ends at its anchor");
  }
}
