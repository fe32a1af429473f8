package raftkv.raft;

import org.jspecify.annotations.Nullable;

/** Answer to {@link RaftNode#propose}. */
public sealed interface ProposeResult {
  /** Appended to this leader's log; its fate is what gets committed at that index. */
  record Accepted(LogPosition position) implements ProposeResult {}

  /**
   * Not taken: this node does not lead. The hint is the leader it follows, or of whom a peer told
   * it, or null.
   */
  record NotLeader(@Nullable NodeId hint) implements ProposeResult {}

  /** Not taken: leadership is being handed over; ask again in a moment. */
  record HandingOver() implements ProposeResult {}

  /** Not taken: too many or too large proposals wait to be committed. */
  record Overloaded() implements ProposeResult {}

  /** Not taken: so many disks are full that no majority could store it (safety rule 7.3). */
  record DiskFull() implements ProposeResult {}
}
