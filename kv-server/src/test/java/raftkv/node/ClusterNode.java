package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.node.WriteRequest.Routing;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StateMachine;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.Xoshiro256;

/** One member: its disk survives, its process comes and goes. */
final class ClusterNode {
  final NodeId id;
  final MemoryLog log;
  final MemoryFence fence = new MemoryFence();
  final MemorySnapshots snapshots;
  final List<NodeFailure> failures = new ArrayList<>();
  private final MemoryCluster cluster;
  TextMachine machine = new TextMachine();
  private VirtualTime.@Nullable Loop loop;
  private @Nullable RaftRuntime runtime;
  private int starts;
  private boolean paused;

  ClusterNode(MemoryCluster cluster, NodeId id) {
    this.cluster = cluster;
    this.id = id;
    this.log = new MemoryLog(cluster.time);
    this.snapshots = new MemorySnapshots(cluster.time);
  }

  void start() {
    starts++;
    machine = new TextMachine();
    loop = cluster.time.new Loop();
    RaftConfig raft = cluster.configOf(id);
    NodeAssembly assembly = new NodeAssembly(cluster.tuning.apply(NodeConfig.of(raft)), loop);
    StateMachine driven = cluster.machines.apply(this);
    StateImage image = snapshots.image(driven);
    SnapshotFile newest = snapshots.newest();
    if (image != null) {
      driven.restore(image);
    }
    NodePorts ports =
        new NodePorts(
            log.open(assembly.completions()),
            cluster.network.connect(id),
            driven,
            fence,
            snapshots.open(driven),
            failures::add);
    Xoshiro256 random = new Xoshiro256(cluster.seed * 1_000 + id.value() * 100L + starts);
    runtime = assembly.assemble(log.durable(newest == null ? null : newest.meta()), ports, random);
    runtime.start();
  }

  /** SIGKILL. */
  void kill() {
    loop().kill();
    log.crash();
    snapshots.crash();
    cluster.network.gone(id);
    runtime = null;
  }

  /** The volume is lost. */
  void wipe() {
    log.wipe();
    snapshots.wipe();
  }

  boolean isUp() {
    return runtime != null && !paused;
  }

  /** SIGSTOP. */
  void pause() {
    paused = true;
    loop().pause();
  }

  /** SIGCONT. */
  void resume() {
    paused = false;
    loop().resume();
  }

  VirtualTime.Loop loop() {
    if (loop == null) {
      throw new IllegalStateException("never started");
    }
    return loop;
  }

  RaftRuntime runtime() {
    if (runtime == null) {
      throw new IllegalStateException("not running");
    }
    return runtime;
  }

  // Requests; the answers can be looked at at any time.

  Answer<WriteOutcome> write(String command) {
    return write(command, true, Routing.ANY, 5_000);
  }

  Answer<WriteOutcome> write(String command, boolean identified, Routing routing, long millis) {
    Answer<WriteOutcome> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + millis * VirtualTime.MILLI;
    runtime()
        .requests()
        .write(
            new WriteRequest(TextMachine.command(command), identified, routing, deadline), answer);
    return answer;
  }

  Answer<WriteOutcome> command(Bytes command) {
    Answer<WriteOutcome> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + 5_000 * VirtualTime.MILLI;
    runtime().requests().write(new WriteRequest(command, true, Routing.ANY, deadline), answer);
    return answer;
  }

  /** A linearizable read; the answer notes what was there at that moment. */
  ReadOf read(String key) {
    return read(key, new ReadRequest.Linearizable(), 5_000);
  }

  ReadOf read(String key, ReadRequest.Consistency consistency, long millis) {
    ReadOf read = new ReadOf(this, key);
    long deadline = cluster.time.nowNanos() + millis * VirtualTime.MILLI;
    runtime().requests().read(new ReadRequest(consistency, deadline), read);
    return read;
  }

  Answer<HashAnswer> stateHash(long index, long millis) {
    Answer<HashAnswer> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + millis * VirtualTime.MILLI;
    runtime().requests().stateHash(new HashRequest(index, deadline), answer);
    return answer;
  }

  Answer<TransferOutcome> transfer(@Nullable NodeId target) {
    Answer<TransferOutcome> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + 2_000 * VirtualTime.MILLI;
    runtime().requests().transfer(new TransferRequest(target, deadline), answer);
    return answer;
  }

  Answer<SnapshotOutcome> snapshot(long millis) {
    Answer<SnapshotOutcome> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + millis * VirtualTime.MILLI;
    runtime().requests().snapshot(new SnapshotRequest(deadline), answer);
    return answer;
  }

  NodeStatus status() {
    Answer<NodeStatus> answer = new Answer<>();
    runtime().requests().status(answer);
    cluster.time.passUntil(answer::isThere, 0);
    return answer.get();
  }
}
