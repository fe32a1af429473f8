package raftkv.raft;

/**
 * Makes entries with their encoded form. Pure: the same arguments give the same bytes. The core
 * calls it for each entry that it creates; entries from disk or peers come with theirs.
 */
@FunctionalInterface
public interface EntryFormat {
  /** An entry whose encoded form carries all four arguments. The body is not kept, but copied. */
  LogEntry encode(LogPosition position, EntryKind kind, Bytes body);
}
