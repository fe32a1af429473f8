package raftkv.node;

import static raftkv.node.VirtualTime.MILLI;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.node.Restoration.Outcome;
import raftkv.port.ExitCode;
import raftkv.port.LogFragments;
import raftkv.port.StorageFailure;
import raftkv.port.Transport;
import raftkv.port.Worker;
import raftkv.raft.NodeId;
import raftkv.raft.Xoshiro256;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.MemoryDisk;
import raftkv.storage.disk.Survival;
import raftkv.storage.wal.DamagedLog;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.SegmentedWal;
import raftkv.storage.wal.WalConfig;
import raftkv.storage.wal.WalTimer;

/** One node on its disk: it heals its log if it must, then runs. */
final class DiskNode {
  static final WalConfig WAL = new WalConfig(64 << 10, 4 << 10, 20 * MILLI, 1_000 * MILLI);

  final NodeId id;
  final List<Outcome> outcomes = new ArrayList<>();
  final List<NodeFailure> failures = new ArrayList<>();
  MemoryDisk disk = new MemoryDisk();
  TextMachine machine = new TextMachine();
  private final DiskCluster cluster;
  private final MemoryFence fence = new MemoryFence();
  private VirtualTime.@Nullable Loop loop;
  private @Nullable Requests requests;
  private boolean restoring;
  private int starts;

  DiskNode(DiskCluster cluster, NodeId id) {
    this.cluster = cluster;
    this.id = id;
  }

  void start() {
    starts++;
    VirtualTime.Loop newLoop = cluster.time.new Loop();
    loop = newLoop;
    DataDirectory directory = DataDirectory.open(disk, id, warning -> {});
    try {
      run(newLoop, LogRecovery.recover(directory, WAL, warning -> {}));
    } catch (StorageFailure failure) {
      if (failure.exitCode() != ExitCode.DAMAGED) {
        throw failure;
      }
      heal(newLoop, DamagedLog.examine(directory, WAL, null));
    }
  }

  private void heal(VirtualTime.Loop on, DamagedLog damaged) {
    restoring = true;
    Transport transport = cluster.network.connect(id);
    Restoration restoration =
        new Restoration(
            NodeConfig.of(cluster.configOf(id)),
            on,
            transport,
            damaged.fragments(),
            outcome -> on.execute(() -> healed(on, damaged, outcome)));
    requests = restoration.requests();
    restoration.start();
  }

  private void healed(VirtualTime.Loop on, DamagedLog damaged, Outcome outcome) {
    outcomes.add(outcome);
    LogFragments text =
        outcome instanceof Outcome.Healed healed ? healed.text() : ((Outcome.Anew) outcome).text();
    cluster.network.gone(id); // the links of the healing node end with it
    run(on, damaged.replaceBy(text, warning -> {}));
    restoring = false;
  }

  private void run(VirtualTime.Loop on, RecoveredLog recovered) {
    machine = new TextMachine();
    NodeAssembly assembly = new NodeAssembly(NodeConfig.of(cluster.configOf(id)), on);
    Worker worker = task -> on.schedule(task, MILLI / 5);
    SegmentedWal log =
        recovered.start(
            new SegmentedWal.Surroundings(worker, worker, timer(on), warning -> {}),
            assembly.completions());
    NodePorts ports =
        new NodePorts(
            log,
            cluster.network.connect(id),
            machine,
            fence,
            new MemorySnapshots(cluster.time).open(machine),
            failures::add);
    RaftRuntime runtime =
        assembly.assemble(
            recovered.startingFrom(null),
            ports,
            new Xoshiro256(cluster.seed * 1_000 + id.value() * 100L + starts));
    requests = runtime.requests();
    runtime.start();
  }

  private static WalTimer timer(VirtualTime.Loop on) {
    return new WalTimer() {
      @Override
      public long nowNanos() {
        return on.nowNanos();
      }

      @Override
      public void schedule(Runnable task, long delayNanos) {
        on.schedule(task, delayNanos);
      }
    };
  }

  /** The machine is switched off; what was forced stays. */
  void kill() {
    if (loop != null) {
      loop.kill();
    }
    cluster.network.gone(id);
    disk = disk.crash(Survival.none());
    requests = null;
    restoring = false;
  }

  boolean isRestoring() {
    return restoring;
  }

  NodeStatus status() {
    Answer<NodeStatus> answer = new Answer<>();
    requests().status(answer);
    cluster.time.passUntil(answer::isThere, 0);
    return answer.get();
  }

  boolean counts() {
    return !restoring && status().raft().counts();
  }

  boolean isLeading() {
    return !restoring && id.equals(status().raft().leader()) && status().condition().isEmpty();
  }

  boolean writes(String command) {
    Answer<WriteOutcome> answer = new Answer<>();
    long deadline = cluster.time.nowNanos() + 5_000 * MILLI;
    requests()
        .write(
            new WriteRequest(
                TextMachine.command(command), true, WriteRequest.Routing.ANY, deadline),
            answer);
    return cluster.time.passUntil(answer::isThere, 6_000 * MILLI)
        && answer.get() instanceof WriteOutcome.Applied;
  }

  private Requests requests() {
    if (requests == null) {
      throw new IllegalStateException("node " + id + " is not up");
    }
    return requests;
  }
}
