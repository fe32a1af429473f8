package raftkv.raft;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything of this node that belongs on disk, as it is in memory and as far as it is durable:
 * hard state, log, and what both say about who counts. Changes are collected into one {@link Write}
 * a turn.
 */
final class StableState {
  private final NodeId self;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final RaftLog log;
  private final PendingWrites writes;
  private final Electorate electorate;
  private final OwnStanding own;
  private HardState hardState;
  private boolean hardStateUnwritten;
  private @Nullable SnapshotMeta resetUnwritten;

  /** What was said last of this node's standing; null: nothing yet. */
  private @Nullable Boolean saidToCount;

  StableState(RaftConfig config, DurableState durable, Agenda agenda, RandomGenerator random) {
    this.agenda = agenda;
    this.random = random;
    self = config.self();
    hardState = durable.hardState();
    log = new RaftLog(durable.base(), durable.entries(), durable.commitIndex());
    electorate = new Electorate(config.members());
    own = new OwnStanding(self, electorate);
    SnapshotMeta snapshot = durable.snapshot();
    if (snapshot != null) {
      joinSnapshot(snapshot);
    }
    Check.that(snapshot != null || log.base().isZero(), "a snapshot covers what is gone");
    log.dropPrefix(config.retainedLogBytes());
    for (long index = log.snapshot().index() + 1; index <= log.lastIndex(); index++) {
      electorate.onAppend(log.entry(index));
    }
    writes = new PendingWrites(hardState, log.lastIndex());
    long known = Math.max(hardState.term(), log.snapshot().term());
    Check.that(log.last().term() <= known, "the log has no term from the future");
  }

  /**
   * Snapshot and log at the start (safety rule 6.6): a log that holds the snapshot's last entry
   * goes on behind it; one that ends before it, or is of other text there, is replaced. A log that
   * begins behind the snapshot is damage, which is not the core's matter.
   */
  private void joinSnapshot(SnapshotMeta snapshot) {
    LogPosition lastIncluded = snapshot.lastIncluded();
    Check.that(
        log.base().index() <= lastIncluded.index(),
        "the log has no gap behind its snapshot",
        log.base().index(),
        lastIncluded.index());
    electorate.onReset(snapshot.roster());
    if (log.contains(lastIncluded)) {
      log.skipTo(lastIncluded);
    } else {
      log.resetTo(lastIncluded);
      resetUnwritten = snapshot;
    }
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

  /** With what this node answers: admission counts when it is on disk, and not before. */
  Standing standing() {
    HardState durable = writes.durableHardState();
    boolean sameData = durable.incarnation().equals(hardState.incarnation());
    return new Standing(hardState.incarnation(), sameData && durable.admitted());
  }

  boolean selfCounts() {
    return electorate.counts(self, standing());
  }

  /**
   * A node without incarnation draws one (safety rule 5.1). A snapshot may be on disk before the
   * term that came with it is: then that term is adopted again, with no vote given in it.
   */
  void start() {
    if (log.snapshot().term() > hardState.term()) {
      adoptTerm(log.snapshot().term());
    }
    if (hardState.incarnation().isNone()) {
      change(hardState.withIncarnation(Incarnation.draw(random)));
    }
    reviewStanding();
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
    agenda.notice(new Notice.LogTruncated(index, log.lastIndex()));
    log.truncateFrom(index);
    writes.truncatedFrom(index);
    electorate.onTruncate(index);
    noticeStanding();
  }

  void commitTo(long index) {
    long before = log.commitIndex();
    if (!log.commitTo(index)) {
      return;
    }
    if (before == 0) {
      Roster roster =
          Check.present(electorate.roster(), "the first committed entry names the cluster");
      agenda.notice(new Notice.ClusterFormed(roster.clusterId()));
    }
    reviewStanding();
  }

  /**
   * Takes a leader's snapshot, which is ahead of what is committed here and durable itself; returns
   * whether it replaced the log. Text behind it that is of one log with it stays (Raft §7).
   */
  boolean install(SnapshotMeta meta) {
    boolean replaced = !log.contains(meta.lastIncluded());
    if (replaced) {
      log.resetTo(meta.lastIncluded());
      writes.resetTo(meta.lastIncluded().index());
      electorate.onReset(meta.roster());
      resetUnwritten = meta;
    } else {
      log.skipTo(meta.lastIncluded());
    }
    reviewStanding();
    return replaced;
  }

  /** A snapshot of this node's own state covers the log up to there. */
  void compactTo(LogPosition lastIncluded, long retainedBytes, long droppedIndex) {
    log.compactTo(lastIncluded, retainedBytes);
    log.dropThrough(droppedIndex);
    electorate.onCompact(log.base().index());
  }

  /**
   * Admitted, or superseded? Either is a record of its own, behind the text that it follows from;
   * and a node that is silent until it is durable ({@link #isTermDurable}) says nothing more under
   * an incarnation that it has given up.
   */
  private void reviewStanding() {
    long commit = log.commitIndex();
    own.review(hardState, commit);
    if (own.isSuperseded(hardState, commit)) {
      Incarnation drawn = Incarnation.draw(random);
      agenda.notice(new Notice.Superseded(hardState.incarnation(), drawn));
      change(hardState.withIncarnation(drawn));
      own.forget();
    } else if (own.isAdmittedNow(hardState, commit, writes.durableIndex())) {
      change(hardState.withAdmission());
    }
    noticeStanding();
  }

  /** Says so when this node begins to count, or finds that it does not (safety rule 5.3). */
  private void noticeStanding() {
    Boolean counts = selfCounts();
    Incarnation now = hardState.incarnation();
    if (electorate.roster() != null && !counts.equals(saidToCount)) {
      agenda.notice(counts ? new Notice.Counts(now) : new Notice.DoesNotCount(now));
      saidToCount = counts;
    }
  }

  void persisted(long ticket) {
    writes.persisted(ticket);
    reviewStanding();
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
