package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node of a {@link TestCluster}: its core while it is up, its disk, its clock. */
final class TestNode {
  final NodeId id;

  /** What its state machine has applied in this run, commands only. */
  final List<String> applied = new ArrayList<>();

  private final List<Incarnation> incarnations = new ArrayList<>();
  private TestDisk disk = new TestDisk();
  private boolean diskIsSlow;
  private @Nullable RaftNode core;
  private long clockNanos;
  private int starts;

  TestNode(NodeId id) {
    this.id = id;
  }

  boolean isUp() {
    return core != null;
  }

  RaftNode core() {
    RaftNode running = core;
    if (running == null) {
      throw new IllegalStateException("node " + id + " is down");
    }
    return running;
  }

  TestDisk disk() {
    return disk;
  }

  boolean isDiskSlow() {
    return diskIsSlow;
  }

  /** A slow disk forces only when it is told to. */
  void slowDisk(boolean slow) {
    diskIsSlow = slow;
  }

  long clockNanos() {
    return clockNanos;
  }

  void advanceTo(long nanos) {
    clockNanos = Math.max(clockNanos, nanos);
  }

  void start(RaftConfig config, long seed) {
    Check.that(core == null, "a node is started once");
    starts++;
    Xoshiro256 random = new Xoshiro256(seed * 1_000_003 + id.value() * 1_009L + starts);
    core = RaftNode.restore(config, disk.durableState(), random, clockNanos);
  }

  /** Ends the run; what was not forced is lost. */
  void crash() {
    core = null;
    disk.crash();
    applied.clear();
  }

  /** Ends the run and puts another disk in place. */
  void replaceDisk(TestDisk other) {
    core = null;
    disk = other;
    applied.clear();
  }

  /** The id, with a prime for each incarnation after the first. */
  String label() {
    RaftNode running = core;
    Incarnation own =
        running == null
            ? disk.hardState().incarnation()
            : running.stable().hardState().standing().incarnation();
    if (!incarnations.contains(own) && !own.isNone()) {
      incarnations.add(own);
    }
    return id + "'".repeat(Math.max(0, incarnations.indexOf(own)));
  }
}
