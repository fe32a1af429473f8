package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Seeks the leadership: first asks whether it would be elected (PRE_VOTE, thesis §9.6), then in a
 * new term for votes (VOTE, Raft §5.2). Asks again whoever has not granted, each heartbeat
 * interval: messages get lost, and who refused since it heard the leader may not hear it any more.
 */
final class Candidate extends Role {
  enum Phase {
    PRE_VOTE,
    VOTE
  }

  private final Phase phase;
  private final boolean transfer;
  private final ElectionTimer timer;
  private final SortedMap<NodeId, Standing> grants = new TreeMap<>();
  private final SortedSet<NodeId> refusals = new TreeSet<>();
  private final SortedSet<NodeId> toAsk = new TreeSet<>();
  private long askAgainNanos;

  Candidate(RaftNode node, Phase phase, boolean transfer, ElectionTimer timer) {
    super(node);
    this.phase = phase;
    this.transfer = transfer;
    this.timer = timer;
    timer.restart(node.now());
    askOpenOnes();
  }

  private void askOpenOnes() {
    refusals.clear();
    for (NodeId peer : node.peers()) {
      if (!grants.containsKey(peer)) {
        toAsk.add(peer);
      }
    }
    askAgainNanos = node.now() + node.config().elections().heartbeatNanos();
  }

  Phase phase() {
    return phase;
  }

  @Override
  NodeView.RoleName name() {
    return phase == Phase.PRE_VOTE ? NodeView.RoleName.PRE_CANDIDATE : NodeView.RoleName.CANDIDATE;
  }

  @Override
  @Nullable NodeId leader() {
    return null;
  }

  @Override
  boolean isSticky() {
    return false;
  }

  @Override
  long nextDeadlineNanos() {
    return Math.min(timer.deadlineNanos(), askAgainNanos);
  }

  @Override
  void expireTimers() {
    if (timer.hasExpired(node.now()) && isOwnVoteUnderWay()) {
      timer.restart(node.now());
    } else if (timer.hasExpired(node.now())) {
      node.majority().onTimeout();
      reportMissing();
      node.notice(new Notice.ElectionTimeout(null, timer.timeoutNanos(), timer.timeoutNanos()));
      node.becomePreCandidate();
    } else if (node.now() >= askAgainNanos) {
      askOpenOnes();
    }
  }

  /**
   * A new election would have to write another vote: on a disk slower than the timeout that would
   * go on for ever.
   */
  private boolean isOwnVoteUnderWay() {
    return phase == Phase.VOTE && !node.stable().isHardStateDurable();
  }

  private void reportMissing() {
    if (!node.log().last().isZero() || node.majority().isHopeless()) {
      return;
    }
    List<NodeId> missing = new ArrayList<>();
    for (NodeId peer : node.peers()) {
      if (!grants.containsKey(peer)) {
        missing.add(peer);
      }
    }
    node.notice(new Notice.WaitingForMembers(missing));
  }

  /** This node's own grant: a pre-vote at once, a vote when it is on disk. */
  void grantOwn() {
    grants.put(node.self(), node.stable().standing());
    maybeAdvance();
  }

  @Override
  void onPreVoteReply(NodeId from, RaftMessage.PreVoteReply reply) {
    if (phase == Phase.PRE_VOTE && reply.prospectiveTerm() == node.term() + 1) {
      if (node.log().last().isZero()) {
        node.majority().onAnswerToBlank(from, reply);
      }
      answered(from, reply.granted(), reply.standing());
    }
  }

  @Override
  void onRequestVoteReply(NodeId from, RaftMessage.RequestVoteReply reply) {
    if (phase == Phase.VOTE) {
      answered(from, reply.granted(), reply.standing());
    }
  }

  private void answered(NodeId from, boolean granted, Standing standing) {
    toAsk.remove(from);
    if (granted) {
      refusals.remove(from);
      grants.put(from, standing);
      maybeAdvance();
    } else if (!grants.containsKey(from)) {
      refusals.add(from);
      maybeGiveUp();
    }
  }

  /** Refused a pre-vote to one that refused before: it follows nobody any more, and may grant. */
  void onRefused(NodeId asker) {
    if (phase == Phase.PRE_VOTE && refusals.remove(asker)) {
      toAsk.add(asker);
    }
  }

  private void maybeAdvance() {
    boolean skipsPreVote = phase == Phase.PRE_VOTE && !node.config().elections().preVote();
    if (!skipsPreVote && !node.stable().electorate().elects(grants, node.log().last())) {
      return;
    }
    if (phase == Phase.PRE_VOTE) {
      node.becomeCandidate(false);
    } else if (grants.containsKey(node.self())) {
      node.becomeLeader(grants);
    }
  }

  /** A pre-vote that a majority refuses is over: back to the normal timeout, in the same term. */
  private void maybeGiveUp() {
    int members = node.stable().electorate().members().size();
    if (phase == Phase.PRE_VOTE && refusals.size() > members - Quorum.majorityOf(members)) {
      reportMissing();
      node.becomeFollower(null);
    }
  }

  @Override
  void onPersisted() {
    if (phase == Phase.VOTE
        && node.stable().isHardStateDurable()
        && !grants.containsKey(node.self())) {
      timer.restart(node.now());
      grantOwn();
    }
  }

  @Override
  void onAppendEntriesReply(NodeId from, RaftMessage.AppendEntriesReply reply) {
    // An answer to appends of a leadership that is over.
  }

  @Override
  void onTimeoutNow(NodeId from, RaftMessage.TimeoutNow message) {
    // This node does not follow that leader any more.
  }

  @Override
  void onReadIndex(NodeId from, RaftMessage.ReadIndex message) {
    node.owed().refuseQuestion(from, message.question());
  }

  @Override
  void onReadIndexReply(NodeId from, RaftMessage.ReadIndexReply reply) {
    // The reads of that question were given back when this node stopped following.
  }

  @Override
  void onLinkLost(NodeId peer) {
    // The peer is asked again each heartbeat interval.
  }

  @Override
  void onApplied() {
    // Nothing depends on it here.
  }

  @Override
  ProposeResult propose(Bytes command, Room room) {
    return new ProposeResult.NotLeader(node.leaderHint());
  }

  @Override
  ReadResult confirmRead(long readId) {
    return new ReadResult.NoLeader();
  }

  @Override
  TransferResult transferTo(@Nullable NodeId target) {
    return new TransferResult.NotLeader(node.leaderHint());
  }

  @Override
  void onEnd() {
    // Nothing waits in a candidate.
  }

  /** A vote is asked for only when the own one, and all that the log claims, is on disk (1.1). */
  @Override
  void emit(Outbox out) {
    if (isOwnVoteUnderWay()) {
      return;
    }
    LogPosition last = node.log().last();
    for (NodeId peer : toAsk) {
      out.add(
          peer,
          phase == Phase.PRE_VOTE
              ? new RaftMessage.PreVote(node.term() + 1, last)
              : new RaftMessage.RequestVote(last, transfer));
    }
    toAsk.clear();
  }
}
