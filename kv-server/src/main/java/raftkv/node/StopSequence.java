package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;
import raftkv.raft.TransferResult;

/**
 * Ends a node without costing anybody an answer (decisions §2, SIGTERM, steps 1 to 3): hands
 * leadership to a peer that has the whole log, another one after 100 ms; then waits as a follower
 * until what was proposed or forwarded is decided. Each of the two takes at most 500 ms. Owned by
 * the loop.
 */
final class StopSequence {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");
  private static final long PHASE_NANOS = 500_000_000L;
  private static final long NEXT_TARGET_NANOS = 100_000_000L;

  private final Situation situation;
  private final Desks desks;
  private final List<Runnable> whenStopped = new ArrayList<>();
  private final List<NodeId> tried = new ArrayList<>();
  private long phaseEndsNanos;
  private boolean draining;

  StopSequence(Situation situation, Desks desks) {
    this.situation = situation;
    this.desks = desks;
  }

  /** Begins; told again, it only remembers whom else to tell. */
  void begin(Runnable stopped) {
    if (situation.isEnded()) {
      stopped.run();
      return;
    }
    whenStopped.add(stopped);
    if (situation.isStopping()) {
      return;
    }
    situation.stop();
    situation.updateAbilities();
    LOG.info("stopping node={} term={}", situation.self(), situation.raft.term());
    if (situation.raft.isLeader() && !situation.peers().isEmpty()) {
      phaseEndsNanos = situation.now() + PHASE_NANOS;
      handOver();
    } else {
      drain();
    }
  }

  private void handOver() {
    NodeId target = nextTarget();
    if (target != null) {
      tried.add(target);
      TransferResult result = situation.raft.transferLeadership(target);
      LOG.debug("transfer to {}: {}", target, result);
    }
    situation.deadlines.at(situation.now() + NEXT_TARGET_NANOS, this::onNextTarget);
  }

  private void onNextTarget() {
    if (!draining && situation.raft.isLeader()) {
      handOver();
    }
  }

  /** The best that has not been tried; after the last one, none for once, and then all again. */
  private @Nullable NodeId nextTarget() {
    for (NodeId successor : situation.raft.view().successors()) {
      if (!tried.contains(successor)) {
        return successor;
      }
    }
    tried.clear();
    return null;
  }

  private void drain() {
    draining = true;
    phaseEndsNanos = situation.now() + PHASE_NANOS;
    situation.deadlines.at(phaseEndsNanos, () -> {});
  }

  /** Goes on if it can; once a turn. */
  void advance() {
    if (!situation.isStopping() || situation.isEnded()) {
      return;
    }
    boolean over = situation.now() >= phaseEndsNanos;
    if (!draining) {
      boolean handedOver = !situation.raft.isLeader() && situation.raft.leader() != null;
      if (handedOver) {
        LOG.info(
            "leader {} is stopping (SIGTERM) and handed over to {} node={} term={}",
            situation.self(),
            situation.raft.leader(),
            situation.self(),
            situation.raft.term());
      }
      if (handedOver || over) {
        drain();
      }
    } else if (over || desks.writes.isIdle()) {
      end();
    }
  }

  private void end() {
    situation.end();
    desks.endAll();
    whenStopped.forEach(Runnable::run);
  }
}
