package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.raft.Abilities;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;
import raftkv.raft.NodeView;
import raftkv.raft.RaftNode;

/**
 * What the parts of a node's runtime know in common: the core, the time of the turn, and what keeps
 * the node from serving. Owned by the loop.
 */
final class Situation {
  /** What a node does while a fence is on its way to the disk, as far as it may be told. */
  static final String COMPARING = "comparing its state";

  /** What a node does until its state is as new as what it may have shown before it started. */
  static final String REPLAYING = "recovering: applying its own log";

  final NodeConfig config;
  final RaftNode raft;
  final DeadlineQueue deadlines = new DeadlineQueue();
  final Standstills standstills = new Standstills();

  /** Index that is known to be committed, at the start or when the state went back: see below. */
  private long replayTarget;

  private final List<NodeId> peers;
  private final LongSupplier clock;
  private final Runnable wake;
  private long nowNanos;
  private int openRequests;
  private @Nullable Fence fence;
  private boolean fenceDurable;
  private @Nullable Fence doubt;
  private boolean diskHangs;
  private boolean diskFull;
  private boolean stopping;
  private boolean ended;
  private @Nullable ClusterId clusterId;
  private List<NodeId> missingMembers = List.of();
  private Abilities abilities = Abilities.ALL;

  Situation(
      NodeConfig config,
      RaftNode raft,
      long replayTarget,
      @Nullable Fence raised,
      LongSupplier clock,
      Runnable wake) {
    this.config = config;
    this.raft = raft;
    this.clock = clock;
    this.wake = wake;
    this.replayTarget = replayTarget;
    this.fence = raised;
    this.fenceDurable = raised != null;
    List<NodeId> others = new ArrayList<>(config.raft().members());
    others.remove(config.raft().self());
    this.peers = List.copyOf(others);
  }

  void tick(long now) {
    nowNanos = Math.max(nowNanos, now);
    standstills.onTurn(nowNanos);
  }

  /** When the turn began. */
  long now() {
    return nowNanos;
  }

  /** What the clock says by now: the process may have stood still since the turn began. */
  long clock() {
    return Math.max(nowNanos, clock.getAsLong());
  }

  /** Has a turn run soon: for what is done on the loop, but outside a turn. */
  void wake() {
    wake.run();
  }

  NodeId self() {
    return config.raft().self();
  }

  /** All members but this node, in ascending order. */
  List<NodeId> peers() {
    return peers;
  }

  /** Before that index is applied, the state is older than what was once shown or may be known. */
  long replayTarget() {
    return replayTarget;
  }

  /** The state was replaced, perhaps by an older one. */
  void replayTo(long index) {
    replayTarget = Math.max(replayTarget, index);
  }

  /** Counts a request as open, unless there are too many. */
  boolean open() {
    if (openRequests >= config.maxOpenRequests()) {
      return false;
    }
    openRequests++;
    return true;
  }

  void closed() {
    openRequests--;
  }

  int openRequests() {
    return openRequests;
  }

  // Divergence.

  /** From this moment the state machine's results mean nothing (safety rule 7.1). */
  void fence(Fence raised) {
    fence = raised;
    doubt = null;
  }

  void fenceIsDurable() {
    fenceDurable = true;
  }

  /** The state was replaced, and the fence is off the disk. */
  void lowerFence() {
    fence = null;
    fenceDurable = false;
  }

  boolean isFenced() {
    return fence != null;
  }

  /** The fence, once it is on disk: only then it is told to anybody. */
  @Nullable Fence reportedFence() {
    return fenceDurable ? fence : null;
  }

  /** Two replicas differ, and nobody can say which one is right; null: trusted again. */
  void doubt(@Nullable Fence doubtful) {
    doubt = doubtful;
  }

  /** Not null while two replicas differ and nobody can say which one is right. */
  @Nullable Fence doubt() {
    return doubt;
  }

  boolean mayGiveResults() {
    return fence == null && doubt == null;
  }

  /** What to tell whoever asks for a result that may not be given; null: not to be told yet. */
  @Nullable Fence reportable() {
    return doubt == null ? reportedFence() : doubt;
  }

  // The disk, the end, the beginning.

  void diskHangs(boolean hangs) {
    diskHangs = hangs;
  }

  boolean isDiskHung() {
    return diskHangs;
  }

  void diskFills(boolean full) {
    diskFull = full;
  }

  boolean isDiskFull() {
    return diskFull;
  }

  void stop() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Nothing is done any more; what comes is refused. */
  void end() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  /** The id that the own log names, once it does. */
  @Nullable ClusterId clusterId() {
    return clusterId;
  }

  void clusterId(ClusterId named) {
    clusterId = named;
  }

  void missing(List<NodeId> members) {
    missingMembers = members;
  }

  List<NodeId> missing() {
    return missingMembers;
  }

  /** Tells the core what this node may do, if that has changed. */
  void updateAbilities() {
    boolean healthy = !isFenced() && !diskHangs && !diskFull && !stopping;
    Abilities now = new Abilities(healthy, healthy, !diskFull);
    if (!now.equals(abilities)) {
      abilities = now;
      raft.allow(now);
    }
  }

  /** A node that does not count never campaigns, and so never forgets a leader that is gone. */
  private boolean isInContact(NodeView view) {
    long age = nowNanos - view.leaderContactNanos();
    return view.leaderContactNanos() >= 0 && age <= 2 * config.raft().elections().timeoutMaxNanos();
  }

  /** Why there is no leader that takes requests, if that is more than an election; else null. */
  @Nullable String notReady() {
    if (stopping) {
      return "stopping";
    }
    NodeView view = raft.view();
    if (view.leader() != null && isInContact(view)) {
      return null;
    }
    if (view.clusterId() == null && !missingMembers.isEmpty()) {
      return "forming: waiting for members " + Words.list(missingMembers);
    }
    return view.counts() || view.clusterId() == null
        ? null
        : "this node's data is new: it follows, does not count, and reaches no leader";
  }
}
