package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's consensus: inputs in, one {@link Ready} out. Owned by one thread.
 *
 * <p>A turn is: {@link #tick}, any number of inputs, {@link #expireTimers}, one {@link #takeReady}.
 * Acks and votes are computed when a Ready is taken, from what {@link #persisted} has reported;
 * whoever drives the node cannot promise too early.
 */
public final class RaftNode {
  private record Hearsay(NodeId leader, long term) {}

  private final RaftConfig config;
  private final RandomGenerator random;
  private final StableState stable;
  private final List<NodeId> peers = new ArrayList<>();
  private final OwedReplies owed = new OwedReplies();
  private final ReadQuestions questions;
  private final MessageRules rules = new MessageRules(this);
  private final Agenda agenda = new Agenda();
  private final SnapshotRules snapshots = new SnapshotRules(this, agenda);
  private final MajorityWatch majority = new MajorityWatch(this);
  private final Invariants invariants = new Invariants();
  private final ElectionTimer timer;
  private final LinkLoss linkLoss;

  private long now;
  private Role role;
  private Abilities abilities = Abilities.ALL;

  private @Nullable Hearsay hearsay;
  private boolean changed = true;

  private RaftNode(RaftConfig config, DurableState durable, RandomGenerator random, long now) {
    this.config = config;
    this.random = random;
    this.now = now;
    this.stable = new StableState(config, durable, agenda, random);
    agenda.restore(durable.snapshot());
    this.timer = new ElectionTimer(config, random, now);
    for (NodeId member : config.members()) {
      if (!member.equals(config.self())) {
        peers.add(member);
      }
    }
    this.linkLoss = new LinkLoss(config, random);
    this.questions = new ReadQuestions(random);
    this.role = new Follower(this, null, timer, questions);
  }

  /**
   * A node as its disk left it, a follower of nobody yet. A node without incarnation draws one.
   *
   * @param nowNanos the clock of {@link #tick}, for the first election timeout
   */
  public static RaftNode restore(
      RaftConfig config, DurableState durable, RandomGenerator random, long nowNanos) {
    RaftNode node = new RaftNode(config, durable, random, nowNanos);
    node.stable.start();
    if (node.peers.isEmpty()) {
      node.timer.hurry(nowNanos);
    }
    return node;
  }

  /** Sets the clock: nanoseconds, never falling. The first call of each turn. */
  public void tick(long nowNanos) {
    Check.that(nowNanos >= now, "the clock does not fall", nowNanos, now);
    now = nowNanos;
  }

  /** Acts on timers that have run out; called after the turn's messages were taken. */
  public void expireTimers() {
    if (now >= role.nextDeadlineNanos()) {
      changed = true;
      role.expireTimers();
    }
  }

  /** A message arrived. One from nobody's member is ignored. */
  public void step(Envelope envelope) {
    Check.that(envelope.to().equals(config.self()), "the message is for this node");
    if (!peers.contains(envelope.from())) {
      return;
    }
    changed = true;
    envelope.message().deliver(rules, envelope.from(), envelope.term());
  }

  /** Appends a command to the leader's log. Never throws. */
  public ProposeResult propose(Bytes command) {
    return propose(command, Room.FREE);
  }

  /** Appends a command to the leader's log, perhaps one that makes room. Never throws. */
  public ProposeResult propose(Bytes command, Room room) {
    changed = true;
    return role.propose(command, room);
  }

  /**
   * Asks for a read index; a {@link ReadOutcome} with that number follows.
   *
   * @param readId chosen by the caller, not used before in this run
   */
  public ReadResult confirmRead(long readId) {
    changed = true;
    return role.confirmRead(readId);
  }

  /** The write with that ticket and all before it are durable. */
  public void persisted(long ticket) {
    changed = true;
    stable.persisted(ticket);
    role.onPersisted();
  }

  /** The state machine has applied everything up to that index. */
  public void applied(long index) {
    log().applied(index);
    role.onApplied();
  }

  /**
   * A snapshot of this node's state machine is durable: the log's prefix may go ({@link #logBase}),
   * what was to be kept for followers that lag only up to {@code droppedIndex}, if there is any.
   */
  public void snapshotSaved(SnapshotMeta meta, long droppedIndex) {
    snapshots.saved(meta, droppedIndex);
  }

  /**
   * A leader's snapshot arrived and is durable. Ignored if it is not ahead of what is committed
   * here; else the next Ready restores the state machine from it. What the log holds behind it
   * stays, if it is of one text with it (Raft §7).
   */
  public void snapshotArrived(NodeId from, long term, SnapshotMeta meta) {
    changed = true;
    snapshots.arrived(from, term, meta);
  }

  /**
   * A peer's snapshot arrived and is durable, and this node does not trust its state machine
   * (safety rule 7.1): taken at any index at or above {@link #logBase}. Log and commit index stay;
   * what is committed behind the snapshot is handed out again.
   *
   * @return whether the next Ready restores the state machine from it
   */
  public boolean restoreFenced(NodeId from, long term, SnapshotMeta meta) {
    changed = true;
    return snapshots.arrivedFenced(from, term, meta);
  }

  /** A transfer of {@link Ready#transfers} ended; one that failed is asked for again in a while. */
  public void snapshotSent(NodeId to, boolean delivered) {
    changed = true;
    if (role instanceof Leader leader) {
      leader.onSnapshotSent(to, delivered);
    }
  }

  /** The current link to or from that peer broke. A hint, never needed for safety. */
  public void linkLost(NodeId peer) {
    changed = true;
    role.onLinkLost(peer);
  }

  /** Hands leadership to that member, or to the best placed one if null (thesis §3.10). */
  public TransferResult transferLeadership(@Nullable NodeId target) {
    changed = true;
    return role.transferTo(target);
  }

  /** Sets what this node is able to do from now on; its leader is told. */
  public void allow(Abilities newAbilities) {
    if (newAbilities.equals(abilities)) {
      return;
    }
    changed = true;
    abilities = newAbilities;
    if (role instanceof Follower follower) {
      follower.oweReply();
    }
  }

  /** Whether {@link #takeReady} may have something. */
  public boolean hasReady() {
    return changed || log().hasCommitted();
  }

  /** When {@link #expireTimers} has something to do next, on the clock of {@link #tick}. */
  public long nextDeadlineNanos() {
    return role.nextDeadlineNanos();
  }

  /** Hands over, once, everything that is to be done. */
  public Ready takeReady() {
    changed = false;
    if (config.checkInvariants()) {
      invariants.check(this, agenda.wantedState());
    }
    Write write = stable.takeWrite();
    Outbox out = new Outbox(self(), term());
    if (stable.isTermDurable()) {
      boolean voteDurable = stable.isHardStateDurable();
      owed.emit(out, stable.hardState(), voteDurable, stable.standing(), abilities);
      role.emit(out);
    }
    List<LogEntry> committed =
        log().takeCommitted(config.flow().maxCommittedEntries(), config.flow().maxCommittedBytes());
    return agenda.take(write, out.envelopes(), committed);
  }

  /** Whether this node leads its term. */
  public boolean isLeader() {
    return role instanceof Leader;
  }

  /** The leader of the current term, as far as known; this node itself if it leads. */
  public @Nullable NodeId leader() {
    return role.leader();
  }

  /** The leader, or who a peer said leads this term although this node cannot hear it. */
  public @Nullable NodeId leaderHint() {
    Hearsay heard = hearsay;
    NodeId leader = role.leader();
    return leader == null && heard != null && heard.term() == term() ? heard.leader() : leader;
  }

  /** The current term; perhaps not durable yet. */
  public long term() {
    return stable.hardState().term();
  }

  /** The highest index known to be committed. */
  public long commitIndex() {
    return log().commitIndex();
  }

  /**
   * The place in front of the first entry that the log still holds. What the log store has up to
   * there is needed no more: it is covered by a snapshot that is durable.
   */
  public LogPosition logBase() {
    return log().base();
  }

  /** A copy of what is known, for status. */
  public NodeView view() {
    return Views.of(this);
  }

  /** Follows that leader, or nobody, in the current term. */
  void becomeFollower(@Nullable NodeId leader) {
    boolean wasFollower = role instanceof Follower;
    role.onEnd();
    if (!wasFollower) {
      timer.restart(now);
    }
    role = new Follower(this, leader, timer, questions);
    if (leader != null) {
      majority.onLeader();
      notice(new Notice.FollowsLeader(term(), leader));
    }
  }

  /** The follower of that node, which leads this term. */
  Follower follow(NodeId leader) {
    Check.that(!isLeader(), "one leader a term");
    if (role instanceof Follower follower && leader.equals(role.leader())) {
      return follower;
    }
    becomeFollower(leader);
    return (Follower) role;
  }

  /** Goes on in a higher term that a message told of (§5.1). */
  void adoptTerm(NodeId seenFrom, long term) {
    NodeView.RoleName was = role.name();
    if (was == NodeView.RoleName.LEADER || was == NodeView.RoleName.CANDIDATE) {
      notice(new Notice.SteppedDown(term, seenFrom));
    }
    stable.adoptTerm(term);
    becomeFollower(null);
  }

  void adoptIfHigher(NodeId seenFrom, long term) {
    if (term > term()) {
      adoptTerm(seenFrom, term);
    }
  }

  void becomePreCandidate() {
    role.onEnd();
    notice(new Notice.BecamePreCandidate(term() + 1));
    Candidate candidate = new Candidate(this, Candidate.Phase.PRE_VOTE, false, timer);
    role = candidate;
    candidate.grantOwn();
  }

  void becomeCandidate(boolean transfer) {
    role.onEnd();
    stable.adoptTerm(term() + 1);
    stable.vote(self());
    notice(new Notice.BecameCandidate(term(), transfer));
    role = new Candidate(this, Candidate.Phase.VOTE, transfer, timer);
  }

  /** Leads the term, and begins it with an entry: the cluster's first, or a no-op (§8). */
  void becomeLeader(SortedMap<NodeId, Standing> grants) {
    Check.that(stable.isHardStateDurable(), "a leader's vote for itself is durable");
    notice(new Notice.BecameLeader(term(), List.copyOf(grants.keySet())));
    role.onEnd();
    majority.onLeader();
    boolean forms = log().last().isZero();
    role = new Leader(this, log().lastIndex() + 1);
    if (forms) {
      Settings first = Settings.of(ClusterId.draw(random), grants, config.limits());
      appendOwn(EntryKind.SETTINGS, first.encode());
    } else {
      appendOwn(EntryKind.NOOP, Bytes.EMPTY);
    }
  }

  /** A peer follows that leader in this term. */
  void hear(NodeId leader) {
    hearsay = new Hearsay(leader, term());
  }

  /** Appends an entry of this leader's term. */
  LogPosition appendOwn(EntryKind kind, Bytes body) {
    LogPosition position = new LogPosition(log().lastIndex() + 1, term());
    stable.append(config.format().encode(position, kind, body));
    return position;
  }

  RaftConfig config() {
    return config;
  }

  NodeId self() {
    return config.self();
  }

  List<NodeId> peers() {
    return peers;
  }

  long now() {
    return now;
  }

  RaftLog log() {
    return stable.log();
  }

  Role role() {
    return role;
  }

  StableState stable() {
    return stable;
  }

  ElectionTimer timer() {
    return timer;
  }

  LinkLoss linkLoss() {
    return linkLoss;
  }

  OwedReplies owed() {
    return owed;
  }

  Abilities abilities() {
    return abilities;
  }

  Agenda agenda() {
    return agenda;
  }

  MajorityWatch majority() {
    return majority;
  }

  void notice(Notice notice) {
    agenda.notice(notice);
  }
}
