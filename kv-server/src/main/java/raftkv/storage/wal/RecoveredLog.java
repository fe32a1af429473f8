package raftkv.storage.wal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.ExitCode;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.storage.disk.DataDirectory;

/**
 * The log as it was found, its tail in order, forced and marked: from now on the node may speak.
 * {@link #start} is called once.
 */
public final class RecoveredLog {
  /**
   * What a start did, to be logged.
   *
   * @param segments how many segments hold the log
   * @param entries how many entries were read, superseded ones included
   * @param bytes how many bytes they have
   * @param tornTail what was cut off the end, or null if nothing was
   */
  public record Facts(int segments, long entries, long bytes, @Nullable TornTail tornTail) {}

  /**
   * Bytes behind the last record that were never promised to anyone.
   *
   * @param file full name of the segment
   * @param offset where they began
   * @param bytes how many, up to the last that was not zero
   */
  public record TornTail(String file, long offset, long bytes) {}

  private final DataDirectory directory;
  private final WalConfig config;
  private final SegmentWriter writer;
  private final int preparedAhead;
  private final LogPosition base;
  private final List<LogEntry> entries;
  private final LogState state;
  private final Facts facts;

  RecoveredLog(
      DataDirectory directory,
      WalConfig config,
      SegmentWriter writer,
      int preparedAhead,
      LogReplay replay,
      Facts facts) {
    this.directory = directory;
    this.config = config;
    this.writer = writer;
    this.preparedAhead = preparedAhead;
    this.base = replay.terms().base();
    this.entries = List.copyOf(replay.entries());
    this.state = writer.state();
    this.facts = facts;
  }

  /** The newest hard state, {@link HardState#BLANK} in a blank directory. */
  public HardState hardState() {
    return state.hardState();
  }

  /** The position in front of the first entry: above zero behind a snapshot. */
  public LogPosition base() {
    return base;
  }

  /** The entries behind {@link #base()}, contiguous. */
  public List<LogEntry> entries() {
    return entries;
  }

  /** An index known to have been committed, at most that of the last entry. */
  public long commitIndex() {
    return Math.min(state.commitIndex(), base.index() + entries.size());
  }

  /** What to log about the start. */
  public Facts facts() {
    return facts;
  }

  /**
   * Checks that log and snapshot have no gap between them.
   *
   * @throws StorageFailure with {@link ExitCode#DAMAGED} if the log begins behind the snapshot: the
   *     entries are not the whole log, and nothing may be dropped (safety rule 6.6)
   */
  public void checkReaches(@Nullable SnapshotMeta newest) {
    long end = newest == null ? 0 : newest.lastIncluded().index();
    if (end < base.index()) {
      throw new StorageFailure(
          ExitCode.DAMAGED,
          "the log in "
              + directory.disk().describe(DataDirectory.SEGMENT_PREFIX + "*")
              + (" begins behind " + base + ", but there is no snapshot that reaches it"));
    }
  }

  /**
   * What the core starts from.
   *
   * @param newest the newest valid snapshot, or null if there is none
   * @throws StorageFailure as {@link #checkReaches}
   */
  public DurableState startingFrom(@Nullable SnapshotMeta newest) {
    checkReaches(newest);
    return new DurableState(hardState(), base, newest, entries, commitIndex());
  }

  /** Hands the end of the log to the disk worker, which appends to it from now on. */
  public SegmentedWal start(SegmentedWal.Surroundings surroundings, LogStore.Listener listener) {
    SegmentedWal wal = new SegmentedWal(directory, config, writer, surroundings, listener);
    wal.begin(preparedAhead);
    return wal;
  }
}
