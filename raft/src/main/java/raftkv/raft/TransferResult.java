package raftkv.raft;

import org.jspecify.annotations.Nullable;

/** Answer to {@link RaftNode#transferLeadership}. */
public sealed interface TransferResult {
  /** TimeoutNow goes to the target as soon as it has the whole log. */
  record Started(NodeId target) implements TransferResult {}

  /** This node does not lead; the hint is the leader it knows, or null. */
  record NotLeader(@Nullable NodeId hint) implements TransferResult {}

  /** No other member counts, is in contact and may lead; or the named one does not. */
  record NoTarget() implements TransferResult {}
}
