package raftkv.port;

import java.util.List;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;

/**
 * What is intact of a log with damage below what was promised (safety rule 6.2).
 *
 * <p>A position is <em>certain</em> when a log that contains it equals this one up to it: it stands
 * in front of no lost record that might have superseded it. By Log Matching (Raft §5.3) other
 * intact entries are certain as well; in particular, one is if the next certain position at or
 * behind it is of its term.
 *
 * @param base in front of the first entry
 * @param last where the log ended, as its newest intact header says; certain
 * @param positions all certain ones behind the base, ascending; an entry need not be there
 * @param entries all certain ones, ascending, with gaps where text is lost
 * @param doubtful intact ones that a lost record may have superseded, ascending
 * @param hardState the newest that is intact
 * @param hardStateLost whether a newer one was promised and is intact nowhere (safety rule 6.3)
 * @param commitIndex a hint: an index known to have been committed
 */
public record LogFragments(
    LogPosition base,
    LogPosition last,
    List<LogPosition> positions,
    List<LogEntry> entries,
    List<LogEntry> doubtful,
    HardState hardState,
    boolean hardStateLost,
    long commitIndex) {}
