package raftkv.node;

import raftkv.raft.Bytes;

/**
 * A write.
 *
 * @param command for the state machine
 * @param identified whether it carries (client_id, seq_num), so that sending it twice is safe
 * @param deadlineNanos when to answer at the latest ({@link RequestDeadline}), in the loop's time
 */
public record WriteRequest(Bytes command, boolean identified, Routing routing, long deadlineNanos) {
  /** Whether a node that does not lead may pass the write on. */
  public enum Routing {
    /** Forwarded to the leader, one hop. */
    ANY,
    /** Refused with the leader's name. */
    LEADER_ONLY
  }
}
