package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;

/**
 * Asks this node to hand leadership over.
 *
 * @param target who is to lead; null: the best placed other member
 * @param deadlineNanos when to answer at the latest ({@link RequestDeadline}), in the loop's time
 */
public record TransferRequest(@Nullable NodeId target, long deadlineNanos) {}
