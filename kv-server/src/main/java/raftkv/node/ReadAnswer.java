package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.raft.NodeId;

/** Whether the state machine may be read now. */
public sealed interface ReadAnswer {
  /** Read it now, inside the callback: it has applied {@code appliedIndex}. */
  record ReadNow(long appliedIndex) implements ReadAnswer {}

  /** No leader confirmed the read within the deadline. */
  record NoLeader() implements ReadAnswer {}

  /** The state may be older than asked for; the age is -1 if unknown. */
  record TooStale(long lagNanos, @Nullable NodeId leader) implements ReadAnswer {}

  /** The index that a stale read asked for has not been applied within the deadline. */
  record FutureIndex(long wanted, long appliedIndex) implements ReadAnswer {}

  /**
   * This node is forming or a learner, and reached no leader; or it is recovering, comparing its
   * state with the others', or stopping.
   */
  record NotReady(String what) implements ReadAnswer {}

  /** Too many requests wait. */
  record Overloaded(String what) implements ReadAnswer {}

  /** This replica differs from the others, or nobody knows which one is right. */
  record Diverged(Fence fence) implements ReadAnswer {}
}
