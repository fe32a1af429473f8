package raftkv.raft;

/**
 * What the core knows of a snapshot.
 *
 * @param lastIncluded the last entry that the snapshot covers (lastIncludedIndex and
 *     lastIncludedTerm of Raft §7)
 * @param roster the members and incarnations named up to there
 */
public record SnapshotMeta(LogPosition lastIncluded, Roster roster) {}
