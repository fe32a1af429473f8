package raftkv.port;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/** What the leader, or the link to it, says of a forwarded write. */
public sealed interface ForwardReply {
  /** Applied at that position, with the state machine's answer. */
  record Applied(LogPosition position, Bytes answer) implements ForwardReply {}

  /** Certainly not applied, now or later: not proposed, or superseded. */
  record NotApplied(Reason reason, @Nullable NodeId leaderHint, String detail)
      implements ForwardReply {}

  /** Nobody can say. */
  record Unknown(String detail) implements ForwardReply {}

  /** Why a write was certainly not applied. */
  enum Reason {
    NOT_LEADER,
    OVERLOADED,
    DROPPED,
    NOT_READY,
    INVALID,
    DISK_FULL
  }
}
