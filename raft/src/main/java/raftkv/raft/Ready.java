package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done after a turn, in any order except that {@code restore} comes before {@code
 * committed}. Messages need not wait for the write: whatever had to be durable for them already is.
 *
 * @param write to be handed to the log store, or null
 * @param messages to be sent; losing one is harmless
 * @param restore the state machine is to be replaced by this snapshot, or null
 * @param committed to be applied in order; then tell {@link RaftNode#applied}
 * @param reads reads that were confirmed or have to be asked again
 * @param transfers snapshots to be sent to peers; then tell {@link RaftNode#snapshotSent}
 * @param notices what happened, for the log; no duty
 */
public record Ready(
    @Nullable Write write,
    List<Envelope> messages,
    @Nullable SnapshotMeta restore,
    List<LogEntry> committed,
    List<ReadOutcome> reads,
    List<SnapshotTransfer> transfers,
    List<Notice> notices) {}
