package raftkv.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import raftkv.node.NodeFailure;
import raftkv.port.ExitCode;
import raftkv.raft.NodeId;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.check.ClusterChecker;
import raftkv.simulation.check.Tally;
import raftkv.simulation.check.Verdicts;
import raftkv.simulation.check.Violation;
import raftkv.simulation.client.Doors;
import raftkv.simulation.client.Ledger;
import raftkv.simulation.client.Onlooker;
import raftkv.simulation.client.SimClient;
import raftkv.simulation.disk.Decay;
import raftkv.simulation.disk.DiskTemper;
import raftkv.simulation.disk.SimDisk;
import raftkv.simulation.net.SimNetwork;
import raftkv.simulation.net.Weather;
import raftkv.simulation.node.Machine;
import raftkv.simulation.node.SimNode;
import raftkv.simulation.time.Timeline;
import raftkv.simulation.trace.Happening;
import raftkv.simulation.trace.Trace;
import raftkv.storage.wal.RecoveredLog;

/** One run of one seed. */
public final class SimWorld {
  /** What a standard seed has at least (decisions §6). */
  private static final long STANDARD_NANOS = 60 * Timeline.SECOND;

  private static final long STANDARD_OPERATIONS = 1_000;
  private static final int STANDARD_FAULTS = 10;
  private static final int STANDARD_KINDS = 3;
  private static final long LONGEST_NANOS = 600 * Timeline.SECOND;
  private static final int SHOWN_LINES = 60;

  private final long seed;
  private final Limits limits;
  private final Timeline timeline = new Timeline();
  private final Trace trace;
  private final Tally tally = new Tally();
  private final Verdicts verdicts = new Verdicts();
  private final SeedPlan plan;
  private final ClusterChecker checker;
  private final SimNetwork network;
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final Doors doors;
  private final Ledger ledger;
  private final Onlooker onlooker;
  private final FaultPlay faults;
  private final RandomGenerator diskRandom;
  private final RandomGenerator faultRandom;

  /** Whose volume was lost or damaged: the budget of storage faults (decisions §6). */
  private final boolean[] doubtful;

  /**
   * A world in which nothing has happened yet.
   *
   * @param lines takes each line of the trace; null: nobody reads along
   */
  public SimWorld(long seed, @Nullable Consumer<String> lines) {
    this(seed, Limits.NONE, lines);
  }

  /** The same with something left out. */
  public SimWorld(long seed, Limits limits, @Nullable Consumer<String> lines) {
    this.seed = seed;
    this.limits = limits;
    Xoshiro256 seeds = new Xoshiro256(seed);
    RandomGenerator networkRandom = new Xoshiro256(seeds.nextLong());
    this.diskRandom = new Xoshiro256(seeds.nextLong());
    this.faultRandom = new Xoshiro256(seeds.nextLong());
    RandomGenerator clientRandom = new Xoshiro256(seeds.nextLong());
    long nodeSeeds = seeds.nextLong();
    this.plan = SeedPlan.draw(faultRandom);
    this.trace = new Trace(timeline, lines);
    this.checker = new ClusterChecker(timeline, trace, tally, verdicts, plan.nodes());
    this.network = new SimNetwork(timeline, new Weather(networkRandom), checker, plan.nodes());
    this.doubtful = new boolean[plan.nodes() + 1];
    buildNodes(nodeSeeds);
    this.doors = new Doors(timeline, networkRandom, nodes);
    this.ledger = new Ledger(timeline, verdicts, checker);
    this.onlooker = new Onlooker(doors, timeline, ledger);
    this.faults = new FaultPlay(this, plan, limits, faultRandom);
    buildClients(clientRandom);
  }

  private void buildNodes(long nodeSeeds) {
    List<NodeId> members = new ArrayList<>();
    for (int i = 1; i <= plan.nodes(); i++) {
      members.add(new NodeId(i));
    }
    for (NodeId id : members) {
      DiskTemper temper = new DiskTemper(timeline, diskRandom, plan.forceNanos());
      SimDisk disk = new SimDisk(timeline, temper, diskRandom, "disk-" + id);
      Machine machine =
          new Machine(id, members, timeline, disk, network, plan.tuning(), checker, warning -> {});
      int drift = (int) Xoshiro256.between(faultRandom, -51, 51);
      nodes.add(new SimNode(machine, nodeSeeds + id.value() * 1_000_003L, drift, this::onFailure));
    }
  }

  private void buildClients(RandomGenerator clientRandom) {
    SimClient.Surroundings around =
        new SimClient.Surroundings(timeline, clientRandom, doors, ledger, tally, trace);
    for (int i = 1; i <= plan.clients(); i++) {
      SimClient client = new SimClient(i, around, plan.habits(clientRandom));
      if (i <= limits.clients()) {
        clients.add(client);
      }
    }
  }

  // The run.

  /** Runs the seed to its end. */
  public RunResult run() {
    String failure = null;
    try {
      play();
      ledger.judge();
    } catch (Violation violation) {
      failure = violation.checker() + ": " + violation.getMessage();
    } catch (RuntimeException thrown) {
      failure = "exception: " + thrown + " at " + thrown.getStackTrace()[0];
    }
    Violation first = verdicts.first();
    if (first != null) {
      failure = first.checker() + ": " + first.getMessage();
    }
    checker.report();
    return new RunResult(
        seed,
        failure,
        failure == null ? List.of() : trace.lastLines(SHOWN_LINES),
        trace.hash(),
        timeline.baseNanos(),
        ledger.completed(),
        ledger.unknown(),
        faults.faults(),
        trace.events(),
        tally);
  }

  private void play() {
    nodes.forEach(this::start);
    clients.forEach(SimClient::start);
    faults.begin();
    while (!isStandard()) {
      runFor(Timeline.SECOND);
      if (timeline.baseNanos() > LONGEST_NANOS) {
        throw verdicts.violated(
            "standard seed", ledger.completed() + " operations, " + faults.faults() + " faults");
      }
    }
    faults.end();
    new Healing(this, faultRandom).run();
    clients.forEach(SimClient::stop);
    runFor(5 * Timeline.SECOND);
  }

  private boolean isStandard() {
    if (!limits.isNone()) {
      return timeline.baseNanos() >= STANDARD_NANOS;
    }
    return timeline.baseNanos() >= STANDARD_NANOS
        && ledger.completed() >= STANDARD_OPERATIONS
        && faults.faults() >= STANDARD_FAULTS
        && faults.kinds() >= STANDARD_KINDS;
  }

  /** Lets so much time pass; ends at the first violation. */
  void runFor(long nanos) {
    long until = timeline.baseNanos() + nanos;
    while (timeline.nextNanos() <= until) {
      timeline.runNext();
      Violation violation = verdicts.first();
      if (violation != null) {
        throw violation;
      }
    }
    timeline.idleUntil(until);
  }

  // What happens to nodes.

  void start(SimNode node) {
    node.start();
    onlooker.peek(node.id(), 5, 2 * Timeline.MILLI);
    RecoveredLog.Facts facts = node.facts();
    if (facts != null && facts.tornTail() != null) {
      tally.count(Tally.Kind.TORN_TAIL);
    }
  }

  void end(SimNode node, SimNode.End how) {
    trace.add(
        how == SimNode.End.KILLED ? Happening.KILLED : Happening.POWER_CUT,
        node.id().value(),
        0,
        0,
        0);
    node.end(how);
    doors.gone(node);
    if (node.disk().hasLiedUnnoticeably()) {
      // No algorithm can tell: the node counts as wiped from here on (decisions §6).
      node.wipe();
    }
  }

  void startLater(SimNode node, long nanos) {
    int starts = node.starts();
    timeline.after(
        nanos,
        () -> {
          if (!node.isUp() && node.starts() == starts) {
            start(node);
          }
        });
  }

  /** A process ends itself, or refuses to start: somebody looks after it, some time. */
  private void onFailure(SimNode node, NodeFailure failure) {
    trace.add(Happening.FAILED, node.id().value(), failure.exitCode().code(), 0, 0);
    if (failure.exitCode() == ExitCode.DAMAGED && isInDoubt(node)) {
      replaceVolume(node);
      return;
    }
    boolean diskFault =
        failure.exitCode() == ExitCode.WRITE_FAILED || failure.exitCode() == ExitCode.UNAVAILABLE;
    if (!diskFault || !node.disk().temper().hasFailed()) {
      String sentence = "node " + node.id() + " ends: " + failure.sentence();
      throw verdicts.violated("exit code " + failure.exitCode().code(), sentence);
    }
    node.disk().temper().recover();
    end(node, SimNode.End.KILLED);
    startLater(node, Xoshiro256.between(faultRandom, 50, 500) * Timeline.MILLI);
  }

  /** Whether one more volume may be lost: never more than a minority does not count. */
  boolean mayDoubt(SimNode node) {
    int inDoubt = 0;
    for (SimNode other : nodes) {
      inDoubt += isInDoubt(other) ? 1 : 0;
    }
    boolean formed = checker.committed().lastIndex() > 0;
    return formed && !isInDoubt(node) && inDoubt < (plan.nodes() - 1) / 2;
  }

  /** Whether the node's volume was lost or damaged, and it has not come back to count since. */
  boolean isInDoubt(SimNode node) {
    int number = node.id().value();
    boolean honest = !node.disk().isLying();
    if (doubtful[number] && honest && node.isServing() && checker.counts(node.id())) {
      doubtful[number] = false;
    }
    return doubtful[number];
  }

  /** The volume of a node is lost for good. */
  void loseVolume(SimNode node) {
    doubtful[node.id().value()] = true;
    replaceVolume(node);
  }

  private void replaceVolume(SimNode node) {
    if (node.isUp()) {
      end(node, SimNode.End.POWER_CUT);
    }
    node.wipe();
    startLater(node, Xoshiro256.between(faultRandom, 50, 2_000) * Timeline.MILLI);
  }

  /** The disk of a node reports a write as done that is not there. */
  void lie(SimNode node, DiskTemper.Lie kind) {
    trace.add(Happening.DISK_LIES, node.id().value(), kind.ordinal(), 0, 0);
    doubtful[node.id().value()] = true;
    checker.damaged(node.id());
    node.disk().temper().lieNext(kind);
  }

  /** Some bits on the platter of a node turn over, where that can be noticed. */
  void damage(SimNode node) {
    if (node.isUp()) {
      end(node, SimNode.End.KILLED);
    }
    int bits = (int) Xoshiro256.between(faultRandom, 1, 4);
    for (Decay.Place place : new Decay(node.disk(), faultRandom).flip(bits)) {
      doubtful[node.id().value()] = true;
      checker.damaged(node.id());
      trace.add(Happening.DISK_DAMAGED, node.id().value(), place.offset(), place.segment(), 0);
    }
    startLater(node, Xoshiro256.between(faultRandom, 50, 500) * Timeline.MILLI);
  }

  // What the parts share.

  Timeline timeline() {
    return timeline;
  }

  Trace trace() {
    return trace;
  }

  Tally tally() {
    return tally;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  ClusterChecker checker() {
    return checker;
  }

  SimNetwork network() {
    return network;
  }

  Onlooker onlooker() {
    return onlooker;
  }

  Doors doors() {
    return doors;
  }

  List<SimNode> nodes() {
    return nodes;
  }
}
