package raftkv.simulation;

import java.util.random.RandomGenerator;
import raftkv.raft.NodeId;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.check.Tally;
import raftkv.simulation.node.SimNode;
import raftkv.simulation.time.Timeline;

/**
 * The story behind Figure 8 of the paper: a leader is cut off while it is written to; whoever
 * follows it dies as soon as it leads; then the first one is back, with a log that is longer than
 * that of the others and of an older term.
 */
final class Succession {
  private static final long LOOK_NANOS = 5 * Timeline.MILLI;
  private static final int LOOKS = 300;

  private final SimWorld world;
  private final FaultPlay play;
  private final RandomGenerator random;

  Succession(SimWorld world, FaultPlay play, RandomGenerator random) {
    this.world = world;
    this.play = play;
    this.random = random;
  }

  void begin() {
    int leader = world.checker().leader();
    if (leader == 0 || !play.happens(Tally.Kind.PARTITION)) {
      return;
    }
    for (int other = 1; other <= world.nodes().size(); other++) {
      play.cut(leader, other);
      play.cut(other, leader);
    }
    world.onlooker().read(new NodeId(leader), 10, 40 * Timeline.MILLI);
    look(leader, LOOKS);
  }

  private void look(int first, int times) {
    world.timeline().after(LOOK_NANOS, () -> onLook(first, times));
  }

  private void onLook(int first, int times) {
    int leader = world.checker().leader();
    if (play.isOver()) {
      return;
    }
    if (leader != first) {
      world.timeline().after(draw(1, 15) * Timeline.MILLI, () -> strike(leader));
    } else if (times > 0) {
      look(first, times - 1);
    } else {
      play.heal();
    }
  }

  private void strike(int leader) {
    if (play.isOver()) {
      return;
    }
    SimNode successor = world.nodes().get(leader - 1);
    if (successor.isUp()) {
      boolean power = draw(0, 1) == 0;
      play.end(
          successor,
          power ? SimNode.End.POWER_CUT : SimNode.End.KILLED,
          power ? Tally.Kind.POWER_CUT : Tally.Kind.KILL);
    }
    play.heal();
  }

  private long draw(long from, long to) {
    return Xoshiro256.between(random, from, to);
  }
}
