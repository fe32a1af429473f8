package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;

/** What became of a transfer of leadership. */
public sealed interface TransferOutcome {
  /** That node leads now. */
  record Done(NodeId leader) implements TransferOutcome {}

  /** This node does not lead; the hint is who does, or null. */
  record NotLeader(@Nullable NodeId hint) implements TransferOutcome {}

  /** No other member counts, is in contact and may lead; or the named one does not. */
  record NoTarget() implements TransferOutcome {}

  /** The target did not take over in time. */
  record Failed() implements TransferOutcome {}

  /** This node is stopping. */
  record NotReady(String what) implements TransferOutcome {}

  /** Too many requests wait. */
  record Overloaded(String what) implements TransferOutcome {}
}
