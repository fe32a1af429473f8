package raftkv.raft;

/**
 * The follower needs entries that only a snapshot still covers: send it the newest (Raft §7). Asked
 * for again, after a pause, when a transfer has failed.
 *
 * @param term of the leader that asks
 * @param minIndex what the snapshot covers at least
 */
public record SnapshotTransfer(NodeId to, long term, long minIndex) {}
