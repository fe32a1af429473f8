package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the leader of its term, if it knows one. Its reply to appends is one state, not a queue:
 * what is matched, what is durable, the newest round, whether the newest append was refused.
 */
final class Follower extends Role {
  private static final int MAX_TIMEOUTS_SAT_OUT = 4;

  private final @Nullable NodeId leader;

  /** When the leader was heard last; meaningless without a leader. */
  private long heardNanos;

  private boolean leaderLinkLost;
  private final ElectionTimer timer;

  /** Known to equal the leader's log up to here (safety rule 1.3). */
  private long matched;

  private long round;
  private RaftMessage.@Nullable Rejection rejection;
  private boolean replyOwed;
  private long ackedIndex;

  /** With what this node answered last, or null. */
  private @Nullable Standing saidStanding;

  private final ReadQuestions questions;
  private long askedNanos;

  /** A question may have been lost: repeat it with the next Ready. */
  private boolean askOwed;

  private Freshness freshness;
  private int timeoutsSatOut;

  Follower(RaftNode node, @Nullable NodeId leader, ElectionTimer timer, ReadQuestions questions) {
    super(node);
    this.questions = questions;
    this.leader = leader;
    this.timer = timer;
    this.heardNanos = node.now();
    this.matched = node.log().commitIndex();
    this.freshness = new Freshness(node.log(), node.term());
  }

  @Override
  NodeView.RoleName name() {
    return NodeView.RoleName.FOLLOWER;
  }

  @Override
  @Nullable NodeId leader() {
    return leader;
  }

  @Override
  boolean isSticky() {
    return leader != null
        && !leaderLinkLost
        && node.now() - heardNanos < node.config().elections().timeoutMinNanos();
  }

  /** When the leader was heard last, or -1. */
  long leaderContactNanos() {
    return leader == null ? -1 : heardNanos;
  }

  long freshAsOfNanos() {
    return freshness.asOfNanos();
  }

  /** Raft §5.3, receiver's side. The sender is the leader of this term. */
  void onAppendEntries(RaftMessage.AppendEntries append) {
    heardNanos = node.now();
    leaderLinkLost = false;
    timeoutsSatOut = 0;
    timer.restart(node.now());
    boolean newest = append.round() >= round;
    round = Math.max(round, append.round());
    RaftLog log = node.log();
    if (log.contains(append.prev())) {
      take(append);
      rejection = newest ? null : rejection;
      node.stable().commitTo(Math.min(append.leaderCommit(), matched));
    } else if (newest) {
      rejection =
          new RaftMessage.Rejection(append.prev().index(), log.conflictAt(append.prev().index()));
    }
    boolean ackFollows = matched > node.stable().durableIndex();
    replyOwed |= !append.answerMayWait() || rejection != null || !ackFollows;
    freshness.onHeartbeat(append.leaderCommit(), heardNanos - append.quorumContactAgeNanos());
    if (questions.hasUnanswered()
        && node.now() - askedNanos > 2 * node.config().elections().heartbeatNanos()) {
      askOwed = true;
    }
  }

  /** Keeps what is equal, cuts at the first difference, appends the rest (§5.3, steps 3 and 4). */
  private void take(RaftMessage.AppendEntries append) {
    RaftLog log = node.log();
    for (LogEntry entry : append.entries()) {
      if (log.contains(entry.position())) {
        continue;
      }
      if (entry.index() <= log.lastIndex()) {
        node.stable().truncateFrom(entry.index());
      }
      node.stable().append(entry);
    }
    matched = Math.max(matched, append.prev().index() + append.entries().size());
  }

  /** A snapshot ahead of what was committed here: committed text is in every later leader's log. */
  void onSnapshotInstalled(long lastIncludedIndex) {
    matched = Math.max(matched, lastIncludedIndex);
    if (rejection != null && rejection.prevIndex() <= lastIncludedIndex) {
      rejection = null;
    }
    replyOwed = true;
  }

  /** The state machine went back: how fresh it is will be seen anew. */
  void onStateReplaced() {
    freshness = new Freshness(node.log(), node.term());
  }

  @Override
  long nextDeadlineNanos() {
    return timer.deadlineNanos();
  }

  @Override
  void expireTimers() {
    if (!timer.hasExpired(node.now())) {
      return;
    }
    if (leader == null) {
      node.majority().onTimeout();
    }
    if (!maySeekLeadership()) {
      timer.restart(node.now());
      return;
    }
    long silence = node.now() - heardNanos;
    if (leaderLinkLost && leader != null && silence < timer.timeoutNanos()) {
      node.linkLoss().tried(node.now());
      node.notice(new Notice.LeaderLinkLost(leader, silence, timer.timeoutNanos()));
    } else {
      node.notice(new Notice.ElectionTimeout(leader, silence, timer.timeoutNanos()));
    }
    node.becomePreCandidate();
  }

  /**
   * A node that does not count never campaigns; one that is not able to lead well sits out a few
   * timeouts, in which someone better may be elected, and then campaigns all the same (rule 7.3).
   */
  private boolean maySeekLeadership() {
    if (!node.log().last().isZero() && !node.stable().selfCounts()) {
      return false;
    }
    if (!node.abilities().mayCampaign() && timeoutsSatOut < MAX_TIMEOUTS_SAT_OUT) {
      timeoutsSatOut++;
      return false;
    }
    return true;
  }

  /**
   * Ends the stickiness to a leader whose link broke, until it is heard again, and arms a pre-vote,
   * staggered by {@link LinkLoss}.
   */
  @Override
  void onLinkLost(NodeId peer) {
    LinkLoss links = node.linkLoss();
    if (!peer.equals(leader) || leaderLinkLost || !links.isHeeded()) {
      return;
    }
    leaderLinkLost = true;
    if (links.mayTry(node.now())) {
      timer.hurry(node.now() + links.delayNanos(peer));
    }
  }

  /**
   * Refused a pre-vote for its own log alone: whoever asks cannot be elected by this node, which
   * follows nobody any more and had better stand itself.
   */
  void onBetterLog() {
    if (node.abilities().mayCampaign() && node.stable().selfCounts()) {
      timer.hurrySoon(node.now());
    }
  }

  @Override
  void onTimeoutNow(NodeId from, RaftMessage.TimeoutNow message) {
    boolean obey =
        from.equals(leader)
            && message.lastIndex() <= node.log().lastIndex()
            && node.abilities().mayLead()
            && node.stable().selfCounts();
    if (obey) {
      node.becomeCandidate(true);
    }
  }

  @Override
  void onPreVoteReply(NodeId from, RaftMessage.PreVoteReply reply) {
    // An answer to a round that is over.
  }

  @Override
  void onRequestVoteReply(NodeId from, RaftMessage.RequestVoteReply reply) {
    // An answer to an election that is over.
  }

  @Override
  void onAppendEntriesReply(NodeId from, RaftMessage.AppendEntriesReply reply) {
    // An answer to appends of a leadership that is over.
  }

  @Override
  void onReadIndex(NodeId from, RaftMessage.ReadIndex message) {
    node.owed().refuseQuestion(from, message.question());
  }

  @Override
  void onReadIndexReply(NodeId from, RaftMessage.ReadIndexReply reply) {
    if (!from.equals(leader)) {
      return;
    }
    for (long readId : questions.takeAnswered(reply.question())) {
      node.agenda()
          .readSettled(
              reply.readIndex() > 0
                  ? new ReadOutcome.Confirmed(readId, reply.readIndex())
                  : new ReadOutcome.Abandoned(readId));
    }
  }

  @Override
  void onPersisted() {
    // Nothing to do: the ack is computed when it is sent.
  }

  @Override
  void onApplied() {
    freshness.onApplied();
  }

  @Override
  ProposeResult propose(Bytes command, Room room) {
    return new ProposeResult.NotLeader(node.leaderHint());
  }

  @Override
  ReadResult confirmRead(long readId) {
    if (leader == null) {
      return new ReadResult.NoLeader();
    }
    questions.add(readId);
    return new ReadResult.Queued();
  }

  @Override
  TransferResult transferTo(@Nullable NodeId target) {
    return new TransferResult.NotLeader(node.leaderHint());
  }

  @Override
  void onEnd() {
    List<Long> reads = questions.takeAll();
    for (long readId : reads) {
      node.agenda().readSettled(new ReadOutcome.Abandoned(readId));
    }
  }

  /** Tells the leader of changed abilities with the next Ready. */
  void oweReply() {
    replyOwed = true;
  }

  @Override
  void emit(Outbox out) {
    if (leader == null) {
      return;
    }
    long ack = Math.min(matched, node.stable().durableIndex());
    Standing standing = node.stable().standing();
    boolean news = replyOwed || ack > ackedIndex || !standing.equals(saidStanding);
    if (round > 0 && news) {
      replyOwed = false;
      ackedIndex = Math.max(ackedIndex, ack);
      saidStanding = standing;
      out.add(
          leader,
          new RaftMessage.AppendEntriesReply(ack, round, rejection, standing, node.abilities()));
      rejection = null;
    }
    if (questions.wantsQuestion() || askOwed) {
      askOwed = false;
      askedNanos = node.now();
      out.add(leader, new RaftMessage.ReadIndex(questions.ask()));
    }
  }
}
