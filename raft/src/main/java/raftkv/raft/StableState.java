package raftkv.raft;

import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything of this node that belongs on disk, as it is in memory and as far as it is durable:
 * hard state, log, and what both say about who counts. Changes are collected into one {@link Write}
 * a turn.
 */
final class StableState {
  private final NodeId self;
  private final Consumer<Notice> notices;
  private final RaftLog log;
  private final PendingWrites writes;
  private final Electorate electorate;
  private HardState hardState;
  private boolean hardStateUnwritten;
  private @Nullable SnapshotMeta resetUnwritten;

  /** What was said last of this node's standing; null: nothing yet. */
  private @Nullable Boolean saidToCount;

  StableState(RaftConfig config, DurableState durable, Consumer<Notice> notices) {
    this.notices = notices;
    SnapshotMeta snapshot = durable.snapshot();
    self = config.self();
    hardState = durable.hardState();
    LogPosition base = snapshot == null ? LogPosition.ZERO : snapshot.lastIncluded();
    log = new RaftLog(base, durable.entries(), durable.commitIndex());
    writes = new PendingWrites(hardState, log.lastIndex());
    electorate = new Electorate(config.members());
    if (snapshot != null) {
      electorate.onReset(snapshot.roster());
    }
    durable.entries().forEach(electorate::onAppend);
    long known = Math.max(hardState.term(), base.term());
    Check.that(log.last().term() <= known, "the log has no term from the future");
  }

  RaftLog log() {
    return log;
  }

  Electorate electorate() {
    return electorate;
  }

  HardState hardState() {
    return hardState;
  }

  HardState durableHardState() {
    return writes.durableHardState();
  }

  /** The log up to here is on disk, as it is now in memory. */
  long durableIndex() {
    return writes.durableIndex();
  }

  /** Whether this node may speak at all in its term (safety rule 1.1). */
  boolean isTermDurable() {
    HardState durable = writes.durableHardState();
    return durable.term() == hardState.term()
        && durable.incarnation().equals(hardState.incarnation());
  }

  boolean isHardStateDurable() {
    return writes.durableHardState().equals(hardState);
  }

  boolean selfCounts() {
    return electorate.counts(self, hardState.standing());
  }

  /**
   * A node without incarnation draws one (safety rule 5.1). A snapshot may be on disk before the
   * term that came with it is: then that term is adopted again, with no vote given in it.
   */
  void start(RandomGenerator random) {
    if (log.base().term() > hardState.term()) {
      adoptTerm(log.base().term());
    }
    if (hardState.incarnation().isNone()) {
      change(hardState.withIncarnation(Incarnation.draw(random)));
    }
    noticeStanding();
  }

  void adoptTerm(long term) {
    change(hardState.withTerm(term));
  }

  void vote(NodeId candidate) {
    change(hardState.withVote(candidate));
  }

  private void change(HardState changed) {
    hardState = changed;
    hardStateUnwritten = true;
  }

  void append(LogEntry entry) {
    log.append(entry);
    if (entry.kind() != EntryKind.COMMAND) {
      electorate.onAppend(entry);
      noticeStanding();
    }
  }

  /**
   * Cuts the log before that index; what is in flight to the disk vouches for no more than that.
   */
  void truncateFrom(long index) {
    if (index > log.lastIndex()) {
      return;
    }
    notices.accept(new Notice.LogTruncated(index, log.lastIndex()));
    log.truncateFrom(index);
    writes.truncatedFrom(index);
    electorate.onTruncate(index);
    noticeStanding();
  }

  void commitTo(long index) {
    long before = log.commitIndex();
    if (log.commitTo(index) && before == 0) {
      Roster roster =
          Check.present(electorate.roster(), "the first committed entry names the cluster");
      notices.accept(new Notice.ClusterFormed(roster.clusterId()));
    }
  }

  /**
   * Takes a leader's snapshot, which is ahead of what is committed here and durable itself; returns
   * whether it replaced the log. Text behind it that is of one log with it stays (Raft §7).
   */
  boolean install(SnapshotMeta meta) {
    if (log.contains(meta.lastIncluded())) {
      log.skipTo(meta.lastIncluded());
      return false;
    }
    resetTo(meta);
    return true;
  }

  private void resetTo(SnapshotMeta meta) {
    log.resetTo(meta.lastIncluded());
    writes.resetTo(meta.lastIncluded().index());
    electorate.onReset(meta.roster());
    resetUnwritten = meta;
    noticeStanding();
  }

  /** A snapshot of this node's own state covers the log up to there. */
  void compactTo(LogPosition lastIncluded) {
    log.compactTo(lastIncluded);
    electorate.onCompact(lastIncluded.index());
  }

  /** Says so when this node begins to count, or finds that it does not (safety rule 5.3). */
  private void noticeStanding() {
    Boolean counts = selfCounts();
    Incarnation own = hardState.incarnation();
    if (electorate.roster() != null && !counts.equals(saidToCount)) {
      notices.accept(counts ? new Notice.Counts(own) : new Notice.DoesNotCount(own));
      saidToCount = counts;
    }
  }

  void persisted(long ticket) {
    writes.persisted(ticket);
  }

  /** All changes since the last call, or null if there are none. */
  @Nullable Write takeWrite() {
    if (!hardStateUnwritten && !log.hasUnwritten() && resetUnwritten == null) {
      return null;
    }
    long cutAt = log.cutAt();
    List<LogEntry> entries = log.takeUnwritten();
    long ticket = writes.begin(hardState, log.lastIndex());
    SnapshotMeta reset = resetUnwritten;
    hardStateUnwritten = false;
    resetUnwritten = null;
    return new Write(ticket, hardState, reset, cutAt, entries, log.commitIndex());
  }
}
