package raftkv.simulation.election;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Envelope;
import raftkv.raft.NodeId;
import raftkv.raft.RaftNode;
import raftkv.raft.Ready;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.Timeline;

/** One server of a trial: a core, its clock and its disk, which does one write after the other. */
final class ElectionServer {
  private static final long MIN_FORCE_NANOS = 500 * Timeline.MICRO;
  private static final long MAX_FORCE_NANOS = 1_500 * Timeline.MICRO;

  private final NodeId id;
  private final RaftNode node;
  private final Timeline timeline;
  private final Xoshiro256 random;
  private final BiConsumer<ElectionServer, Ready> network;
  private Timeline.@Nullable Event timer;
  private long diskFreeNanos;
  private boolean patient = true;
  private boolean crashed;

  /**
   * A server that waits: it seeks no leadership until it is told to.
   *
   * @param network takes what it sends
   */
  ElectionServer(
      NodeId id,
      RaftNode node,
      Timeline timeline,
      Xoshiro256 random,
      BiConsumer<ElectionServer, Ready> network) {
    this.id = id;
    this.node = node;
    this.timeline = timeline;
    this.random = random;
    this.network = network;
  }

  NodeId id() {
    return id;
  }

  boolean isLeader() {
    return !crashed && node.isLeader();
  }

  boolean follows(NodeId leader) {
    return leader.equals(node.leader());
  }

  /** Its timers count from now on. */
  void beginToCampaign() {
    patient = false;
    turn();
  }

  void crash() {
    crashed = true;
    cancelTimer();
  }

  void receive(Envelope envelope) {
    if (!crashed) {
      node.tick(timeline.nowNanos());
      node.step(envelope);
      turn();
    }
  }

  void loseLinkTo(NodeId peer) {
    node.tick(timeline.nowNanos());
    node.linkLost(peer);
    turn();
  }

  private void turn() {
    if (crashed) {
      return;
    }
    node.tick(timeline.nowNanos());
    if (!patient) {
      node.expireTimers();
    }
    while (node.hasReady()) {
      perform(node.takeReady());
    }
    cancelTimer();
    if (!patient) {
      timer = timeline.at(node.nextDeadlineNanos(), this::turn);
    }
  }

  private void perform(Ready ready) {
    if (ready.write() != null) {
      long ticket = ready.write().ticket();
      long force = Xoshiro256.between(random, MIN_FORCE_NANOS, MAX_FORCE_NANOS);
      diskFreeNanos = Math.max(diskFreeNanos, timeline.nowNanos()) + force;
      timeline.at(diskFreeNanos, () -> persisted(ticket));
    }
    if (!ready.committed().isEmpty()) {
      node.applied(ready.committed().get(ready.committed().size() - 1).index());
    }
    network.accept(this, ready);
  }

  private void persisted(long ticket) {
    if (!crashed) {
      node.tick(timeline.nowNanos());
      node.persisted(ticket);
      turn();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
