package raftkv.node;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;
import raftkv.port.StateMachine;
import raftkv.port.StorageFailure;
import raftkv.raft.NodeId;

/**
 * Tells the others this replica's state hash, listens to theirs, and draws the consequences of
 * {@link Divergence}: fences this replica, durably before it is reported, or stops serving while
 * nobody knows who is right (safety rule 7.1). Owned by the loop.
 */
final class ReplicaCheck {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  private final Situation situation;
  private final NodePorts ports;
  private final StateMachine machine;
  private final HashRing ring;
  private final Divergence divergence;
  private final Inbox inbox;
  private final Runnable onDiverged;
  private long warnedIndex = Long.MIN_VALUE;
  private long toldIndex;

  /** Peers that wait to hear the hash at an index that is still to come. */
  private final SortedMap<NodeId, Long> asked = new TreeMap<>();

  ReplicaCheck(
      Situation situation, NodePorts ports, HashRing ring, Inbox inbox, Runnable onDiverged) {
    this.situation = situation;
    this.ports = ports;
    this.machine = ports.machine();
    this.ring = ring;
    this.inbox = inbox;
    this.onDiverged = onDiverged;
    this.divergence = new Divergence(situation.peers(), ring);
  }

  /** Begins to speak now and then, also when nothing is written. */
  void start() {
    Fence raised = situation.reportedFence();
    if (raised != null) {
      reportFence(raised);
    }
    speakLater();
  }

  private void speakLater() {
    long at = situation.now() + situation.config.digestNanos();
    situation.deadlines.at(
        at,
        () -> {
          speak();
          speakLater();
        });
  }

  private void speak() {
    long index = machine.appliedIndex();
    if (situation.isFenced() || index == 0) {
      return;
    }
    // What went wrong in memory since then has to be compared too.
    ring.record(index, machine.hash());
    tell(index, machine.hash());
  }

  private void tell(long index, StateHash hash) {
    PeerMessage.Digest digest = new PeerMessage.Digest(index, hash);
    for (NodeId peer : situation.peers()) {
      ports.transport().send(peer, digest);
    }
  }

  /** One more entry was applied. */
  void onApplied(long index) {
    ring.record(index, machine.hash());
    if (index % interval() == 0) {
      speak();
    }
    if (!asked.isEmpty()) {
      answerAsked(index);
    }
    if (divergence.isAwaited(index)) {
      act(divergence.onReached(index));
    }
  }

  /** A peer spoke. */
  void onStatement(NodeId peer, long index, StateHash hash) {
    act(divergence.onStatement(peer, index, hash, machine.appliedIndex()));
  }

  /** A peer asks what the hash was at an index; if it is still to come, it is told then. */
  void onAsked(NodeId peer, long index) {
    StateHash own = ring.at(index);
    if (own != null) {
      maybeTell(peer, index, own);
    } else if (index > machine.appliedIndex()) {
      asked.put(peer, index);
    }
  }

  private void answerAsked(long index) {
    for (NodeId peer : situation.peers()) {
      Long wanted = asked.get(peer);
      if (wanted != null && wanted <= index) {
        asked.remove(peer);
        StateHash own = ring.at(wanted);
        if (own != null) {
          maybeTell(peer, wanted, own);
        }
      }
    }
  }

  private void maybeTell(NodeId peer, long index, StateHash hash) {
    if (!situation.isFenced()) {
      ports.transport().send(peer, new PeerMessage.Digest(index, hash));
    }
  }

  /** Asks all others for their hash at an index, unless they tell it by themselves. */
  void askFor(long index) {
    if (index % interval() != 0) {
      for (NodeId peer : situation.peers()) {
        ports.transport().send(peer, new PeerMessage.DigestWanted(index));
      }
    }
  }

  /** Whether a majority, this replica included, has told that hash at that index. */
  boolean isConfirmed(long index, StateHash hash) {
    return divergence.isConfirmed(index, hash);
  }

  private long interval() {
    return situation.config.snapshots().interval();
  }

  private void act(Divergence.Verdict verdict) {
    if (situation.isFenced()) {
      return;
    }
    if (verdict instanceof Divergence.Minority minority) {
      fence(minority.fence());
    } else if (verdict instanceof Divergence.Doubtful doubtful) {
      doubt(doubtful.fence());
    } else if (verdict instanceof Divergence.Agreed agreed) {
      agree(agreed);
    }
  }

  /** What was written of this state is not what it says of itself. */
  void onOwnStateWrong(Fence fence) {
    if (!situation.isFenced()) {
      fence(fence);
    }
  }

  /** The state was replaced: nothing said of the old one holds. */
  void onRestored() {
    ring.clear();
    asked.clear();
  }

  /** The state was replaced by the majority's: the fence may go, durably (safety rule 7.1). */
  void lowerFence() {
    ports
        .fences()
        .lower(
            failure -> {
              if (failure == null) {
                inbox.fenceLowered();
              } else {
                inbox.failed(failure);
              }
            });
  }

  /** The fence is off the disk: from now on this replica gives results again. */
  void onFenceLowered() {
    situation.lowerFence();
    situation.updateAbilities();
    LOG.warn(
        "fence lifted: the state was replaced by the majority's node={} term={}",
        situation.self(),
        situation.raft.term());
  }

  private void fence(Fence fence) {
    situation.fence(fence);
    situation.updateAbilities();
    onDiverged.run();
    ports.fences().raise(fence, failure -> onForced(failure));
  }

  private void onForced(@Nullable StorageFailure failure) {
    if (failure == null) {
      inbox.fenceForced();
    } else {
      inbox.failed(failure);
    }
  }

  /** The fence is on disk: from now on it may be told. */
  void onFenceForced() {
    situation.fenceIsDurable();
    Fence fence = situation.reportedFence();
    if (fence != null) {
      reportFence(fence);
    }
    onDiverged.run();
  }

  private void reportFence(Fence fence) {
    LOG.error(
        "fenced: this replica's state differs from the majority's and is not served until it is "
            + "replaced index={} own={} majority={} node={} term={}",
        fence.index(),
        fence.own(),
        fence.majority(),
        situation.self(),
        situation.raft.term());
  }

  private void doubt(Fence fence) {
    Fence before = situation.doubt();
    if (before == null) {
      LOG.error(
          "two replicas differ and no majority says which one is right: not serving index={} "
              + "own={} other={} node={} term={}",
          fence.index(),
          fence.own(),
          fence.majority(),
          situation.self(),
          situation.raft.term());
    }
    // The highest index counts: an agreement in front of it says nothing of what came then.
    situation.doubt(before != null && before.index() > fence.index() ? before : fence);
    onDiverged.run();
    tellOfDifference(fence.index());
  }

  /** Everybody says at once what it has there, so that a majority shows within a round trip. */
  private void tellOfDifference(long index) {
    StateHash own = ring.at(index);
    if (own != null && index != toldIndex) {
      toldIndex = index;
      tell(index, own);
    }
  }

  private void agree(Divergence.Agreed agreed) {
    Fence doubt = situation.doubt();
    if (doubt != null && agreed.index() >= doubt.index()) {
      situation.doubt(null);
      LOG.warn(
          "a majority has this replica's state: serving again node={} term={}",
          situation.self(),
          situation.raft.term());
    }
    if (agreed.others().isEmpty()) {
      return;
    }
    tellOfDifference(agreed.index());
    if (machine.appliedIndex() >= warnedIndex) {
      warnedIndex = machine.appliedIndex() + interval();
      LOG.warn(
          "state of {} differs from the majority's node={} term={}",
          Words.list(agreed.others()),
          situation.self(),
          situation.raft.term());
    }
  }
}
