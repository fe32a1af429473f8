package raftkv.simulation;

import java.util.List;
import java.util.random.RandomGenerator;
import raftkv.node.Requests;
import raftkv.node.SnapshotRequest;
import raftkv.node.TransferRequest;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.check.Tally;
import raftkv.simulation.disk.DiskTemper;
import raftkv.simulation.node.SimNode;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;

/**
 * What goes wrong, and when: one fault after the other, each of a drawn kind, until told to end.
 */
final class FaultPlay {
  private final SimWorld world;
  private final SeedPlan plan;
  private final Limits limits;
  private final RandomGenerator random;
  private final Timeline timeline;
  private final boolean[] kinds = new boolean[Tally.Kind.values().length];
  private boolean over;
  private long faults;

  FaultPlay(SimWorld world, SeedPlan plan, Limits limits, RandomGenerator random) {
    this.world = world;
    this.plan = plan;
    this.limits = limits;
    this.random = random;
    this.timeline = world.timeline();
  }

  void begin() {
    later();
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  long faults() {
    return faults;
  }

  /** How many kinds of faults there were. */
  int kinds() {
    int count = 0;
    for (boolean kind : kinds) {
      count += kind ? 1 : 0;
    }
    return count;
  }

  private void later() {
    long gap = plan.faultGapNanos();
    timeline.after(draw(gap / 3, gap * 5 / 3), this::next);
  }

  private void next() {
    if (over) {
      return;
    }
    later();
    SimNode node = world.nodes().get((int) draw(0, plan.nodes() - 1));
    long draw = draw(0, 99);
    if (draw < 30) {
      onProcess(node);
    } else if (draw < 62) {
      onNetwork(node);
    } else if (draw < 90) {
      onDisk(node);
    } else {
      onCluster(node);
    }
  }

  /** Whether it does, unless it is left out of this run. */
  boolean happens(Tally.Kind kind) {
    if (faults >= limits.faults() || limits.without().contains(kind)) {
      return false;
    }
    faults++;
    kinds[kind.ordinal()] = true;
    world.tally().count(kind);
    return true;
  }

  private long severe(long shortNanos) {
    return draw(shortNanos, shortNanos * (1 + 3L * plan.severity()));
  }

  // Processes.

  private void onProcess(SimNode node) {
    if (!node.isUp()) {
      return;
    }
    switch ((int) draw(0, 7)) {
      case 0, 1 -> end(node, SimNode.End.KILLED, Tally.Kind.KILL);
      case 2 -> end(node, SimNode.End.POWER_CUT, Tally.Kind.POWER_CUT);
      case 6, 7 -> strike(node);
      case 3 -> pause(node);
      case 4 -> pauseInTurn(node);
      default -> stop(node);
    }
  }

  void end(SimNode node, SimNode.End how, Tally.Kind kind) {
    if (!happens(kind)) {
      return;
    }
    world.end(node, how);
    world.startLater(node, severe(100 * Timeline.MILLI));
  }

  /** The power goes in the middle of a force. */
  private void strike(SimNode node) {
    int run = node.starts();
    node.disk()
        .temper()
        .strikeDuring(
            (int) draw(0, 20),
            () -> {
              if (node.isUp() && node.starts() == run) {
                end(node, SimNode.End.POWER_CUT, Tally.Kind.POWER_CUT);
              }
            });
  }

  private void pause(SimNode node) {
    if (!happens(Tally.Kind.PAUSE)) {
      return;
    }
    long nanos = severe(200 * Timeline.MILLI);
    world.trace().add(Happening.PAUSED, node.id().value(), nanos / Timeline.MICRO, 0, 0);
    node.pause(nanos);
    look(node);
  }

  /** Somebody asks the node for reads while others may have elected another leader. */
  private void look(SimNode node) {
    world.onlooker().read(node.id(), 8, 50 * Timeline.MILLI);
  }

  private void pauseInTurn(SimNode node) {
    if (!happens(Tally.Kind.PAUSE_IN_TURN)) {
      return;
    }
    long nanos = severe(200 * Timeline.MILLI);
    world.trace().add(Happening.PAUSED_IN_TURN, node.id().value(), nanos / Timeline.MICRO, 0, 0);
    node.pauseInTurn((int) draw(1, 12), nanos);
    look(node);
  }

  private void stop(SimNode node) {
    if (!happens(Tally.Kind.GRACEFUL_STOP)) {
      return;
    }
    world.trace().add(Happening.STOPPING, node.id().value(), 0, 0, 0);
    int run = node.starts();
    node.stop(() -> stopped(node, run));
    // Whoever asks a process to stop kills it in the end.
    timeline.after(3 * Timeline.SECOND, () -> stopped(node, run));
  }

  private void stopped(SimNode node, int run) {
    if (node.isUp() && node.starts() == run) {
      world.end(node, SimNode.End.KILLED);
      world.startLater(node, severe(100 * Timeline.MILLI));
    }
  }

  // The network.

  private void onNetwork(SimNode node) {
    int self = node.id().value();
    int other = (int) draw(1, plan.nodes());
    switch ((int) draw(0, 5)) {
      case 0 -> isolate(self);
      case 1 -> cutOneWay(self, other);
      case 2 -> cutBetween(self, other);
      case 3, 4 -> breakLink(self, other);
      default -> changeWeather();
    }
  }

  private void isolate(int node) {
    if (!happens(Tally.Kind.PARTITION)) {
      return;
    }
    for (int other = 1; other <= plan.nodes(); other++) {
      cut(node, other);
      cut(other, node);
    }
    look(world.nodes().get(node - 1));
    healLater();
  }

  private void cutOneWay(int from, int to) {
    if (!happens(Tally.Kind.ONE_WAY_CUT)) {
      return;
    }
    cut(from, to);
    look(world.nodes().get(from - 1));
    healLater();
  }

  private void cutBetween(int one, int other) {
    if (!happens(Tally.Kind.PARTITION)) {
      return;
    }
    cut(one, other);
    cut(other, one);
    healLater();
  }

  void cut(int from, int to) {
    if (from != to) {
      world.trace().add(Happening.CUT, from, to, 0, 0);
      world.network().cut(from, to);
    }
  }

  private void healLater() {
    timeline.after(severe(300 * Timeline.MILLI), this::heal);
  }

  void heal() {
    world.trace().add(Happening.HEALED, 0, 0, 0, 0);
    world.network().heal();
  }

  private void breakLink(int from, int to) {
    if (from != to) {
      if (!happens(Tally.Kind.LINK_BROKEN)) {
        return;
      }
      world.network().breakLink(from, to);
    }
  }

  private void changeWeather() {
    int loss = (int) draw(0, plan.lossRate());
    int duplicates = (int) draw(0, plan.lossRate() * 2L);
    int late = (int) draw(0, plan.lossRate() * 2L);
    world.trace().add(Happening.WEATHER, 0, loss, duplicates, late);
    world.network().weather().rates(loss, duplicates, late);
    long max = draw(500, 1_000 + 6_000L * plan.severity()) * Timeline.MICRO;
    world.network().weather().latency(100 * Timeline.MICRO, max);
    world.doors().loses((int) draw(0, 10L * plan.severity()));
  }

  // Disks.

  private void onDisk(SimNode node) {
    switch ((int) draw(0, 9)) {
      case 0, 1, 2, 3 -> slowDisk(node);
      case 4, 5 -> hangDisk(node);
      case 6 -> failDisk(node);
      case 7 -> fillDisk(node);
      default -> harmVolume(node);
    }
  }

  private void harmVolume(SimNode node) {
    if (!world.mayDoubt(node)) {
      return;
    }
    long kind = draw(0, 3);
    if (kind == 0) {
      if (!happens(Tally.Kind.DAMAGE)) {
        return;
      }
      world.damage(node);
    } else if (kind == 1 && node.isUp()) {
      boolean lose = draw(0, 1) == 0;
      if (!happens(lose ? Tally.Kind.LOST_WRITE : Tally.Kind.MISDIRECTED_WRITE)) {
        return;
      }
      world.lie(node, lose ? DiskTemper.Lie.LOSE : DiskTemper.Lie.MISDIRECT);
    } else {
      if (!happens(Tally.Kind.WIPED_VOLUME)) {
        return;
      }
      world.loseVolume(node);
    }
  }

  private void slowDisk(SimNode node) {
    if (!happens(Tally.Kind.SLOW_DISK)) {
      return;
    }
    long each = severe(20 * Timeline.MILLI);
    world.trace().add(Happening.DISK_SLOW, node.id().value(), each / Timeline.MICRO, 0, 0);
    node.disk().temper().slowDown(each, severe(500 * Timeline.MILLI));
  }

  private void hangDisk(SimNode node) {
    if (!node.isUp()) {
      return;
    }
    if (!happens(Tally.Kind.HUNG_DISK)) {
      return;
    }
    world.trace().add(Happening.DISK_HANGS, node.id().value(), 0, 0, 0);
    node.disk().temper().hang();
    int run = node.starts();
    timeline.after(
        draw(500 * Timeline.MILLI, 4 * Timeline.SECOND),
        () -> {
          node.disk().temper().recover();
          if (node.isUp() && node.starts() == run) {
            world.end(node, SimNode.End.KILLED);
            world.startLater(node, severe(100 * Timeline.MILLI));
          }
        });
  }

  private void failDisk(SimNode node) {
    if (!node.isUp()) {
      return;
    }
    if (!happens(Tally.Kind.DISK_ERROR)) {
      return;
    }
    world.trace().add(Happening.DISK_FAILS, node.id().value(), 0, 0, 0);
    node.disk().temper().failAfter((int) draw(0, 8));
  }

  private void fillDisk(SimNode node) {
    if (!happens(Tally.Kind.FULL_DISK)) {
      return;
    }
    long room = draw(0, 200_000);
    world.trace().add(Happening.DISK_FULL, node.id().value(), room, 0, 0);
    node.disk().leaveRoom(room);
    timeline.after(severe(Timeline.SECOND), () -> node.disk().capacity(Long.MAX_VALUE));
  }

  // All together.

  private void onCluster(SimNode node) {
    switch ((int) draw(0, 4)) {
      case 0 -> blackout();
      case 1 -> snapshot(node);
      case 2 -> new Succession(world, this, random).begin();
      default -> transfer(node);
    }
  }

  private void blackout() {
    if (!happens(Tally.Kind.BLACKOUT)) {
      return;
    }
    List<SimNode> nodes = world.nodes();
    for (SimNode node : nodes) {
      if (node.isUp()) {
        world.end(node, SimNode.End.POWER_CUT);
        world.startLater(node, severe(100 * Timeline.MILLI));
      }
    }
  }

  private void snapshot(SimNode node) {
    Requests requests = node.requests();
    if (requests != null) {
      long deadline = requests.nowNanos() + 5 * Timeline.SECOND;
      requests.snapshot(new SnapshotRequest(deadline), outcome -> {});
    }
  }

  private void transfer(SimNode node) {
    Requests requests = node.requests();
    if (requests != null) {
      world.trace().add(Happening.TRANSFER, node.id().value(), 0, 0, 0);
      long deadline = requests.nowNanos() + 2 * Timeline.SECOND;
      requests.transfer(new TransferRequest(null, deadline), outcome -> {});
    }
  }

  private long draw(long from, long to) {
    return Xoshiro256.between(random, from, to);
  }
}
