package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write for the log store: atomic in order, durable when {@link RaftNode#persisted} is told its
 * ticket.
 *
 * @param ticket rises by one with each write of a run
 * @param hardState the hard state from this write on
 * @param reset if present, the log is replaced by this snapshot before the entries are appended
 * @param cutAt if above 0, everything from this index on is superseded before the entries are
 *     appended; the first of them, if any, has this index
 * @param entries contiguous; may be empty
 * @param commitIndex the commit index known when this was made: a hint for the next start, never
 *     above what the log then holds
 */
public record Write(
    long ticket,
    HardState hardState,
    @Nullable SnapshotMeta reset,
    long cutAt,
    List<LogEntry> entries,
    long commitIndex) {}
