package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node finds on its disk when it starts.
 *
 * @param hardState {@link HardState#BLANK} on a blank disk; a blank incarnation with a term makes
 *     the node draw a new incarnation (safety rule 5.1)
 * @param base the place in front of the first entry; never behind the snapshot, but often far in
 *     front of it: entries that a snapshot covers are kept for those that lag behind
 * @param snapshot the newest valid snapshot, or null
 * @param entries the log from the base on, contiguous
 * @param commitIndex a hint: an index known to have been committed, cut to the end of the log
 */
public record DurableState(
    HardState hardState,
    LogPosition base,
    @Nullable SnapshotMeta snapshot,
    List<LogEntry> entries,
    long commitIndex) {
  /** A blank disk. */
  public static final DurableState BLANK = new DurableState(HardState.BLANK, null, List.of(), 0);

  /** A log that begins right behind the snapshot, or at index 1 without one. */
  public DurableState(
      HardState hardState,
      @Nullable SnapshotMeta snapshot,
      List<LogEntry> entries,
      long commitIndex) {
    this(
        hardState,
        snapshot == null ? LogPosition.ZERO : snapshot.lastIncluded(),
        snapshot,
        entries,
        commitIndex);
  }
}
