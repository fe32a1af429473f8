package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node finds on its disk when it starts.
 *
 * @param hardState {@link HardState#BLANK} on a blank disk; a blank incarnation with a term makes
 *     the node draw a new incarnation (safety rule 5.1)
 * @param snapshot the newest valid snapshot, or null
 * @param entries the log behind the snapshot, contiguous
 * @param commitIndex a hint: an index known to have been committed, cut to the end of the log
 */
public record DurableState(
    HardState hardState,
    @Nullable SnapshotMeta snapshot,
    List<LogEntry> entries,
    long commitIndex) {
  /** A blank disk. */
  public static final DurableState BLANK = new DurableState(HardState.BLANK, null, List.of(), 0);
}
