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

  /** Disks that were taken out, in that order. */
  private final List<TestDisk> shelf = new ArrayList<>();

  private long appliedIndex;
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
    appliedIndex = 0;
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

  /** Its state machine is that of a snapshot. */
  void restored(long index) {
    appliedIndex = index;
  }

  /** Its state machine is handed what comes next, or something is wrong. */
  void applies(long index) {
    Check.that(index == appliedIndex + 1, "entries are applied in order", index, appliedIndex);
    appliedIndex = index;
  }

  void wipe() {
    disk.crash();
    shelf.add(disk);
    replaceDisk(new TestDisk());
  }

  void remount(int place) {
    disk.crash();
    shelf.add(disk);
    replaceDisk(shelf.remove(place));
  }

  int shelved() {
    return shelf.size();
  }

  /** Whether this or a former disk of the node holds the entry, as one that this roster counts. */
  boolean hasHeld(LogPosition position, Roster roster) {
    List<TestDisk> disks = new ArrayList<>(shelf);
    disks.add(disk);
    return disks.stream()
        .anyMatch(one -> one.holds(position) && roster.counts(id, one.hardState().standing()));
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
