package raftkv.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.port.Disk;
import raftkv.port.EntryCodec;
import raftkv.port.LogStore;
import raftkv.port.SnapshotFile;
import raftkv.port.StateImage;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.RaftNode;
import raftkv.raft.Write;
import raftkv.raft.Xoshiro256;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.snapshot.StartChoice;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.SegmentedWal;
import raftkv.storage.wal.TaskQueue;
import raftkv.storage.wal.WalTimer;

/**
 * Everything of a node that is on disk, opened as a server opens it: directory, snapshots, log,
 * state machine, and the production core, which writes what the start decides (safety rule 6.6).
 * Workers and time are in the test's hands.
 */
final class StoredNode implements LogStore.Listener, WalTimer {
  private static final NodeId NODE = new NodeId(1);
  private static final RaftConfig CONFIG =
      RaftConfig.of(
          NODE,
          List.of(NODE, new NodeId(2), new NodeId(3)),
          new EntryCodec(),
          KvLimits.DEFAULTS.encode());

  /** Workers that are in the midst of a task; they begin no other one inside it. */
  private final List<TaskQueue> busy = new ArrayList<>();

  final TaskQueue diskWorker = new TaskQueue();
  final TaskQueue fileWorker = new TaskQueue();
  final TaskQueue snapshotWorker = new TaskQueue();
  final DataDirectory directory;
  final DurableState durable;
  final StartChoice choice;
  final List<SnapshotFile> stored;
  final KvStateMachine machine = new KvStateMachine();
  final FileSnapshotStore snapshots;
  final SegmentedWal wal;

  /** What the core writes before the node speaks, or null. */
  final @Nullable Write first;

  /** Told each ticket at the moment at which it is reported. */
  LongConsumer promises = ticket -> {};

  private final ArrayDeque<Runnable> alarms = new ArrayDeque<>();
  private long nowNanos;

  /** Locks, recovers and starts; a refusal lets the lock go. */
  StoredNode(Disk disk) {
    directory = DataDirectory.open(disk, NODE, ignored -> {});
    boolean done = false;
    try {
      FileSnapshotStore.Readers readers =
          new FileSnapshotStore.Readers(machine::reader, machine::checker);
      SnapshotRecovery.Found found =
          SnapshotRecovery.recover(directory, readers, StoredNode::refuseDamage);
      SnapshotFile newest = found.newest();
      RecoveredLog log = LogRecovery.recover(directory, NodeFiles.SMALL, ignored -> {});
      durable = log.startingFrom(newest == null ? null : newest.meta());
      choice = StartChoice.of(durable.snapshot(), durable.base(), durable.entries());
      stored = found.stored();
      StateImage image = found.image();
      if (image != null) {
        machine.restore(image);
      }
      snapshots =
          new FileSnapshotStore(
              disk, snapshotWorker, Runnable::run, readers, stored, ignored -> {});
      wal =
          log.start(
              new SegmentedWal.Surroundings(diskWorker, fileWorker, this, ignored -> {}), this);
      first = RaftNode.restore(CONFIG, durable, new Xoshiro256(1), 0).takeReady().write();
      done = true;
    } finally {
      if (!done) {
        directory.close();
      }
    }
  }

  /** A power cut damages no snapshot that has its name. */
  private static void refuseDamage(String warning) {
    throw new AssertionError(warning);
  }

  /** Runs one task of that worker, unless it is in the midst of one. */
  boolean maybeRun(TaskQueue worker) {
    if (busy.contains(worker)) {
      return false;
    }
    busy.add(worker);
    boolean ran = worker.runOne();
    busy.remove(worker);
    return ran;
  }

  /** Runs all workers until nothing waits. */
  void run() {
    while (maybeRun(diskWorker) || maybeRun(fileWorker) || maybeRun(snapshotWorker)) {
      // until nothing waits
    }
  }

  /** Lets the log be idle for as long as it takes to write a marker. */
  void idle() {
    nowNanos += NodeFiles.SMALL.idleNanos();
    for (int i = alarms.size(); i > 0; i--) {
      alarms.remove().run();
    }
    run();
  }

  void close() {
    fileWorker.runAtOnce();
    diskWorker.runAtOnce();
    wal.close();
  }

  @Override
  public void persisted(long ticket) {
    promises.accept(ticket);
  }

  @Override
  public void failed(StorageFailure failure) {
    throw failure;
  }

  @Override
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    alarms.add(task);
  }
}
