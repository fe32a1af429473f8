package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.raft.Bytes;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/** What became of a write (safety.md §3). An unknown outcome is never called failed. */
public sealed interface WriteOutcome {
  /** Whether the write took effect. */
  Fate fate();

  /** What is known of all copies of the write that this node had a hand in. */
  enum Fate {
    /** It went through the log: what it did is in the answer. */
    APPLIED,
    /** It has no effect now and never will. */
    NOT_APPLIED,
    /** Nobody can say. */
    UNKNOWN
  }

  /**
   * Decided by the log at that position; the answer is the state machine's.
   *
   * @param otherCopyUndecided another copy was sent and left without a definite answer: should the
   *     state machine's answer be a refusal (not applied), then the outcome is unknown (safety rule
   *     3.3)
   */
  record Applied(LogPosition position, Bytes answer, boolean otherCopyUndecided)
      implements WriteOutcome {
    @Override
    public Fate fate() {
      return Fate.APPLIED;
    }
  }

  /** Forwarding was declined, and this node does not lead; the hint is who does, or null. */
  record NotLeader(@Nullable NodeId hint) implements NotApplied {}

  /** No leader took the write within the deadline. */
  record NoLeader() implements NotApplied {}

  /** Was proposed, and another entry was committed in its place. */
  record Dropped() implements NotApplied {}

  /** A queue or the log is full. */
  record Overloaded(String what) implements NotApplied {}

  /** No majority has room on its disk, or this leader has none and nobody could take over. */
  record DiskFull() implements NotApplied {}

  /** This node is forming, recovering, a learner or stopping, and reached no leader. */
  record NotReady(String what) implements NotApplied {}

  /** The state machine does not understand the command. */
  record Invalid(String sentence) implements NotApplied {}

  /** This replica differs from the others, or nobody knows which one is right. */
  record Diverged(Fence fence) implements NotApplied {}

  /** Nobody can say whether it took effect, or will. */
  record Unknown(Cause cause) implements WriteOutcome {
    @Override
    public Fate fate() {
      return Fate.UNKNOWN;
    }
  }

  /** Why an outcome is unknown. */
  enum Cause {
    /** The deadline passed while the entry waited to be committed. */
    DEADLINE,
    /** Leadership moved, and the entry's fate did not show in time. */
    LEADERSHIP_LOST,
    /** The link to the leader broke, or its answer did not arrive. */
    LINK_LOST,
    /** A snapshot jumped over the entry's index. */
    SNAPSHOT,
    /** This replica was found to differ, so its answers mean nothing. */
    FENCED,
    /** The process ends. */
    STOPPING
  }

  /** A write that has no effect. */
  sealed interface NotApplied extends WriteOutcome {
    @Override
    default Fate fate() {
      return Fate.NOT_APPLIED;
    }
  }
}
