package raftkv.raft;

/** The follower needs entries that only a snapshot still covers: send it one (Raft §7). */
public record SnapshotTransfer(NodeId to, long term) {}
