package raftkv.storage.wal;

import raftkv.raft.HardState;
import raftkv.raft.LogPosition;

/**
 * What every header repeats, so that losing one record loses none of it (safety rule 6.3).
 *
 * @param hardState in force from there on
 * @param last position of the log's last entry, or of the base if there is none
 * @param commitIndex a hint for the next start, never above the last index
 */
record LogState(HardState hardState, LogPosition last, long commitIndex) {
  static final LogState BLANK = new LogState(HardState.BLANK, LogPosition.ZERO, 0);
}
