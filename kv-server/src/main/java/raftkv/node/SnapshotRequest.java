package raftkv.node;

/** Asks for a snapshot of this node's state, now. */
public record SnapshotRequest(long deadlineNanos) {}
