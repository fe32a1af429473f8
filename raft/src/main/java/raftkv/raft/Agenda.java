package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the next {@link Ready} asks for besides writing, sending and applying. */
final class Agenda {
  private @Nullable SnapshotMeta restore;
  private List<ReadOutcome> reads = new ArrayList<>();
  private List<SnapshotTransfer> transfers = new ArrayList<>();
  private List<Notice> notices = new ArrayList<>();

  /** The state machine is to be replaced by that snapshot. */
  void restore(@Nullable SnapshotMeta snapshot) {
    restore = snapshot;
  }

  /** The snapshot that the state machine is to be replaced by, or null. */
  @Nullable SnapshotMeta wantedState() {
    return restore;
  }

  void readSettled(ReadOutcome outcome) {
    reads.add(outcome);
  }

  void transfer(SnapshotTransfer wanted) {
    transfers.add(wanted);
  }

  void notice(Notice notice) {
    notices.add(notice);
  }

  /** Hands over, once, all of it with the rest of a Ready. */
  Ready take(@Nullable Write write, List<Envelope> messages, List<LogEntry> committed) {
    Ready ready = new Ready(write, messages, restore, committed, reads, transfers, notices);
    restore = null;
    reads = new ArrayList<>();
    transfers = new ArrayList<>();
    notices = new ArrayList<>();
    return ready;
  }
}
