package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads its term: replicates (§5.3), commits (§5.4.2), confirms reads (§8), steps down when no
 * majority answers (thesis §6.2), hands over when asked to (thesis §3.10).
 *
 * <p>Its own disk is one more replica: it counts for itself with what is durable, while its write
 * overlaps with replication (thesis §10.2.1).
 */
final class Leader extends Role {
  private record ReadAnswer(NodeId to, RaftMessage.ReadIndexReply reply) {}

  private final long sinceNanos;
  private final long firstIndex;
  private final Followers followers;
  private final RoundClock rounds = new RoundClock();
  private final ReadQueue reads = new ReadQueue();
  private final Admissions admissions;
  private final List<ReadAnswer> answers = new ArrayList<>();
  private long heartbeatNanos;
  private boolean heartbeatDue = true;
  private @Nullable Transfer transfer;
  private Freshness freshness;

  /** Takes over with the first entry of the term appended already, at {@code firstIndex}. */
  Leader(RaftNode node, long firstIndex) {
    super(node);
    this.sinceNanos = node.now();
    this.firstIndex = firstIndex;
    this.heartbeatNanos = sinceNanos + node.config().elections().heartbeatNanos();
    this.followers = new Followers(node, firstIndex);
    this.admissions = new Admissions(node);
    this.freshness = new Freshness(node.log(), node.term());
  }

  @Override
  NodeView.RoleName name() {
    return NodeView.RoleName.LEADER;
  }

  @Override
  NodeId leader() {
    return node.self();
  }

  @Override
  boolean isSticky() {
    return true;
  }

  boolean isHandingOver() {
    return transfer != null;
  }

  Followers followers() {
    return followers;
  }

  /**
   * Commits up to the highest index that is durable on a majority, if its entry is of this term.
   * Entries of earlier terms are never committed by counting, but only through an entry of this
   * term behind them (§5.4.2, Figure 8). That an ADMIT is committed is told at once: until its node
   * knows, the cluster is one fault nearer to a standstill (safety rule 5.4).
   */
  private void maybeCommit() {
    long before = node.log().commitIndex();
    long index = followers.matchedByMajority();
    if (index > before && node.log().termAt(index) == node.term()) {
      node.stable().commitTo(index);
      heartbeatDue |= node.stable().electorate().changesBetween(before, index);
    }
  }

  /** The newest time at which a majority is known to have followed this leader. */
  long quorumContactNanos() {
    return Math.max(sinceNanos, followers.contactByMajority());
  }

  /**
   * Up to when the applied state holds everything that was committed, or -1: before the first entry
   * of its own a leader does not know what its predecessors committed. While some of what is
   * committed is not applied, that is some time ago: a follower may have shown it already.
   */
  long freshAsOfNanos() {
    RaftLog log = node.log();
    boolean hasCaughtUp = log.appliedIndex() >= Math.max(firstIndex, log.commitIndex());
    return hasCaughtUp ? quorumContactNanos() : freshness.asOfNanos();
  }

  /** The state machine went back: how fresh it is will be seen anew. */
  void onStateReplaced() {
    freshness = new Freshness(node.log(), node.term());
  }

  // Inputs.

  @Override
  void onAppendEntriesReply(NodeId from, RaftMessage.AppendEntriesReply reply) {
    Progress progress = followers.of(from);
    if (progress == null) {
      return;
    }
    progress.heard(
        reply.standing(), reply.abilities(), reply.round(), rounds.sentNanos(reply.round()));
    Check.that(
        reply.matchIndex() <= node.log().lastIndex(),
        "no follower matches more than the leader has",
        reply.matchIndex(),
        node.log().lastIndex());
    progress.matched(reply.matchIndex());
    RaftMessage.Rejection rejection = reply.rejection();
    if (rejection == null) {
      progress.accepted();
    } else {
      progress.refused(rejection.prevIndex(), nextAfter(rejection));
    }
    // Also if nothing moved: the peer may have begun to count with what it has (rule 5.4).
    maybeCommit();
    confirmReads();
    if (transfer == null) {
      admissions.onReply(progress, firstIndex);
    }
  }

  /** Skips all of a conflicting term at once (§5.3, last paragraphs). */
  private long nextAfter(RaftMessage.Rejection rejection) {
    LogPosition conflict = rejection.conflict();
    if (conflict.term() == 0) {
      return conflict.index();
    }
    RaftLog log = node.log();
    long index = log.lastIndexWithTermAtMost(conflict.term(), rejection.prevIndex());
    return log.termAt(index) == conflict.term() ? index + 1 : Math.min(conflict.index(), index + 1);
  }

  private void confirmReads() {
    for (ReadQueue.Round round : reads.takeConfirmed(followers.echoedByMajority())) {
      for (ReadQueue.Read read : round.reads()) {
        if (read.asker().equals(node.self())) {
          node.agenda().readSettled(new ReadOutcome.Confirmed(read.id(), round.readIndex()));
        } else {
          answers.add(
              new ReadAnswer(
                  read.asker(), new RaftMessage.ReadIndexReply(read.id(), round.readIndex())));
        }
      }
    }
  }

  @Override
  ProposeResult propose(Bytes command, Room room) {
    boolean isFull = !node.abilities().mayAppend();
    if (transfer != null || (isFull && !successors().isEmpty())) {
      return new ProposeResult.HandingOver();
    }
    if (room == Room.FREE && (isFull || !followers.hasRoomOnMajority())) {
      return new ProposeResult.DiskFull();
    }
    RaftLog log = node.log();
    boolean full =
        log.lastIndex() - log.commitIndex() >= node.config().flow().maxUncommittedEntries()
            || log.uncommittedBytes() + command.length()
                > node.config().flow().maxUncommittedBytes();
    if (full) {
      return new ProposeResult.Overloaded();
    }
    return new ProposeResult.Accepted(node.appendOwn(EntryKind.COMMAND, command));
  }

  @Override
  ReadResult confirmRead(long readId) {
    reads.add(new ReadQueue.Read(node.self(), readId));
    return new ReadResult.Queued();
  }

  @Override
  void onReadIndex(NodeId from, RaftMessage.ReadIndex message) {
    reads.add(new ReadQueue.Read(from, message.question()));
  }

  @Override
  TransferResult transferTo(@Nullable NodeId wanted) {
    List<NodeId> able = successors();
    if (able.isEmpty() || (wanted != null && !able.contains(wanted))) {
      return new TransferResult.NoTarget();
    }
    NodeId target = wanted == null ? able.get(0) : wanted;
    transfer = new Transfer(target, node.now() + node.config().elections().timeoutMinNanos());
    node.notice(new Notice.TransferStarted(target));
    return new TransferResult.Started(target);
  }

  private boolean mayTakeOver(Progress progress) {
    return isInContact(progress) && followers.counts(progress) && progress.mayLead();
  }

  private boolean isInContact(Progress progress) {
    return progress.contactNanos() != Progress.NEVER
        && node.now() - progress.contactNanos() < node.config().elections().timeoutMaxNanos();
  }

  /** Who may take over, best first. */
  List<NodeId> successors() {
    return followers.successors(this::mayTakeOver);
  }

  @Override
  void onLinkLost(NodeId peer) {
    Progress progress = followers.of(peer);
    if (progress != null) {
      progress.probeAgain();
    }
  }

  void onSnapshotSent(NodeId to, boolean delivered) {
    Progress progress = followers.of(to);
    if (progress == null) {
      return;
    }
    if (delivered) {
      progress.snapshotDelivered();
    } else {
      progress.snapshotFailed(node.now() + node.config().snapshotRetryNanos());
    }
  }

  @Override
  void onPersisted() {
    maybeCommit();
  }

  @Override
  void onApplied() {
    freshness.onApplied();
    freshness.onHeartbeat(node.log().commitIndex(), quorumContactNanos());
  }

  @Override
  void onPreVoteReply(NodeId from, RaftMessage.PreVoteReply reply) {
    // An answer to a round that is over.
  }

  @Override
  void onRequestVoteReply(NodeId from, RaftMessage.RequestVoteReply reply) {
    // Elected already.
  }

  @Override
  void onTimeoutNow(NodeId from, RaftMessage.TimeoutNow message) {
    Check.that(false, "nobody else leads this leader's term");
  }

  @Override
  void onReadIndexReply(NodeId from, RaftMessage.ReadIndexReply reply) {
    // Asked while this node followed; those reads were given back.
  }

  // Time.

  @Override
  long nextDeadlineNanos() {
    Transfer running = transfer;
    return running == null ? heartbeatNanos : Math.min(heartbeatNanos, running.deadlineNanos);
  }

  @Override
  void expireTimers() {
    long silence = node.now() - quorumContactNanos();
    if (silence > node.config().elections().timeoutMaxNanos()) {
      node.notice(new Notice.QuorumLost(node.term(), silence));
      node.becomeFollower(null);
      return;
    }
    Transfer running = transfer;
    if (running != null && node.now() >= running.deadlineNanos) {
      transfer = null;
      node.notice(new Notice.TransferFailed(running.target));
    }
    if (node.now() >= heartbeatNanos) {
      heartbeatNanos = node.now() + node.config().elections().heartbeatNanos();
      heartbeatDue = true;
      followers.all().forEach(Progress::retryProbe);
      if (wantsToHandOver() && transfer == null) {
        transferTo(null);
      }
    }
  }

  /** Elected because nobody better was, or not able to lead any more (safety rule 7.3). */
  private boolean wantsToHandOver() {
    return !node.abilities().mayLead() || !node.abilities().mayCampaign();
  }

  @Override
  void onEnd() {
    for (ReadQueue.Read read : reads.takeAll()) {
      if (read.asker().equals(node.self())) {
        node.agenda().readSettled(new ReadOutcome.Abandoned(read.id()));
      } else {
        node.owed().refuseQuestion(read.asker(), read.id());
      }
    }
  }

  // Outputs.

  @Override
  void emit(Outbox out) {
    if (node.peers().isEmpty()) {
      confirmAlone();
      return;
    }
    long number = rounds.upcoming();
    long age = node.now() - quorumContactNanos();
    boolean answerWanted = heartbeatDue || reads.wantsRound();
    heartbeatDue = false;
    AppendRound round = new AppendRound(node, out, number, age, answerWanted);
    for (Progress progress : followers.all()) {
      transferSnapshot(progress);
      round.sendTo(progress);
    }
    if (round.isSent()) {
      rounds.next(node.now());
      reads.roundBuilt(number, readIndex());
    }
    emitReadAnswers(out);
    emitTimeoutNow(out);
  }

  private long readIndex() {
    return Math.max(node.log().commitIndex(), firstIndex);
  }

  private void confirmAlone() {
    if (reads.wantsRound()) {
      reads.roundBuilt(rounds.next(node.now()), readIndex());
      confirmReads();
    }
  }

  /** To one that needs entries which only a snapshot still covers (§7). */
  private void transferSnapshot(Progress progress) {
    RaftLog log = node.log();
    progress.logBeginsBehind(log.base().index());
    // To a peer that does not answer, one transfer after another would only fail.
    if (isInContact(progress) && progress.takeTransferDue(log.snapshot().index(), node.now())) {
      node.agenda()
          .transfer(new SnapshotTransfer(progress.peer, node.term(), log.snapshot().index()));
    }
  }

  private void emitReadAnswers(Outbox out) {
    for (ReadAnswer answer : answers) {
      out.add(answer.to(), answer.reply());
    }
    answers.clear();
  }

  private void emitTimeoutNow(Outbox out) {
    Transfer running = transfer;
    if (running == null) {
      return;
    }
    Progress progress = followers.of(running.target);
    long lastIndex = node.log().lastIndex();
    if (progress != null && running.takeDue(progress.matchIndex(), lastIndex)) {
      out.add(running.target, new RaftMessage.TimeoutNow(lastIndex));
      node.notice(new Notice.TransferSent(running.target));
    }
  }
}
