package raftkv.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import raftkv.raft.NodeId;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.client.Probe;
import raftkv.simulation.node.SimNode;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;

/**
 * Liveness: the faults stop, a random majority is healed, and it has to serve within a bounded time
 * while the rest stays broken.
 */
final class Healing {
  private static final long LIMIT_NANOS = 20 * Timeline.SECOND;
  private static final long RETURN_NANOS = 40 * Timeline.SECOND;
  private static final long BREAK_NANOS = 700 * Timeline.MILLI;
  private static final long STEP_NANOS = 100 * Timeline.MILLI;

  private final SimWorld world;
  private final RandomGenerator random;
  private final List<SimNode> healed = new ArrayList<>();

  /** What was applied anywhere when all probes were served. */
  private long target;

  Healing(SimWorld world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void run() {
    chooseMajority();
    breakTheRest();
    world.network().heal();
    world.network().weather().calmDown();
    world.doors().loses(0);
    healed.forEach(this::heal);
    world.timeline().after(BREAK_NANOS, this::breakLinks);
    List<Probe> probes = new ArrayList<>();
    for (SimNode node : healed) {
      Probe probe = new Probe(world.doors(), world.timeline(), node.id().value());
      probes.add(probe);
      probe.begin();
    }
    long limit = world.timeline().baseNanos() + LIMIT_NANOS;
    while (!isServing(probes)) {
      if (world.timeline().baseNanos() > limit) {
        throw world.verdicts().violated("liveness", "the healed majority does not serve");
      }
      world.runFor(STEP_NANOS);
    }
    bringBackTheRest();
  }

  /** All others come back, some with an empty volume: they catch up, and count again. */
  private void bringBackTheRest() {
    for (SimNode node : world.nodes()) {
      if (!healed.contains(node)) {
        bringBack(node);
      }
    }
    world.timeline().after(BREAK_NANOS, this::breakLinks);
    long index = world.checker().committed().lastIndex();
    long limit = world.timeline().baseNanos() + RETURN_NANOS;
    while (!areBack(index)) {
      if (world.timeline().baseNanos() > limit) {
        throw world.verdicts().violated("liveness", "a member that came back does not count");
      }
      world.runFor(STEP_NANOS);
    }
  }

  private void bringBack(SimNode node) {
    if (node.isUp()) {
      world.end(node, SimNode.End.KILLED);
    }
    node.disk().temper().recover();
    node.disk().capacity(Long.MAX_VALUE);
    healed.add(node);
    if (Xoshiro256.between(random, 0, 1) == 0) {
      world.loseVolume(node);
    } else {
      world.startLater(node, 10 * Timeline.MILLI);
    }
  }

  private boolean areBack(long index) {
    List<NodeId> all = healed.stream().map(SimNode::id).toList();
    return world.checker().haveApplied(all, index)
        && all.stream().allMatch(world.checker()::counts);
  }

  /**
   * Those whose volumes were lost or damaged need not count: without them there has to be a
   * majority.
   */
  private void chooseMajority() {
    List<SimNode> counting = new ArrayList<>(world.nodes());
    counting.removeIf(world::isInDoubt);
    int needed = world.nodes().size() / 2 + 1;
    while (healed.size() < needed) {
      healed.add(counting.remove((int) Xoshiro256.between(random, 0, counting.size() - 1)));
    }
    long bits = 0;
    for (SimNode node : healed) {
      bits |= 1L << node.id().value();
    }
    world.trace().add(Happening.FAULTS_END, 0, bits, 0, 0);
  }

  /** Whatever is on its way has to be sent again. */
  private void breakLinks() {
    for (SimNode from : healed) {
      for (SimNode to : healed) {
        world.network().breakLink(from.id().value(), to.id().value());
      }
    }
  }

  private void breakTheRest() {
    for (SimNode node : world.nodes()) {
      if (!healed.contains(node) && node.isUp()) {
        node.pause(1_000 * Timeline.SECOND);
      }
    }
  }

  /**
   * What hangs or is down is started again; of the rest only half, since a start would also heal
   * what is stuck.
   */
  private void heal(SimNode node) {
    boolean stuck = !node.isServing() || node.isHung();
    node.disk().temper().recover();
    node.disk().capacity(Long.MAX_VALUE);
    if (stuck || Xoshiro256.between(random, 0, 1) == 0) {
      if (node.isUp()) {
        world.end(node, SimNode.End.KILLED);
      }
      world.startLater(node, 10 * Timeline.MILLI);
    }
  }

  private boolean isServing(List<Probe> probes) {
    for (Probe probe : probes) {
      if (!probe.isServed()) {
        return false;
      }
    }
    if (target == 0) {
      target = world.checker().committed().lastIndex();
    }
    return world.checker().haveApplied(healed.stream().map(SimNode::id).toList(), target);
  }
}
