package raftkv.simulation.node;

import java.util.List;
import java.util.function.Consumer;
import raftkv.kv.KvStateMachine;
import raftkv.node.NodeAssembly;
import raftkv.node.NodeFailure;
import raftkv.node.NodePorts;
import raftkv.node.RaftRuntime;
import raftkv.node.Requests;
import raftkv.port.SnapshotFile;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.ClusterId;
import raftkv.raft.DurableState;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.simulation.time.SimThread;
import raftkv.simulation.time.SimWorker;
import raftkv.simulation.time.Timeline;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.fence.FileFenceStore;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.Pace;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.SegmentedWal;

/** One run of the server program on a node: what {@code Server} is in production. */
final class NodeRun {
  private static final long IDENTITY_INTERVAL_NANOS = 50 * Timeline.MILLI;
  private static final long IDENTITY_RETRY_NANOS = Timeline.SECOND;

  private final Life life;
  private final SimEventLoop loop;
  private final SimThread diskThread;
  private final SimThread fileThread;
  private final SimThread snapshotThread;
  private final Storage storage;
  private final Consumer<NodeFailure> failures;
  private final SegmentedWal wal;
  private final RaftRuntime runtime;

  /** A directory that is ours, with what was found in it. */
  record Storage(
      DataDirectory directory,
      RecoveredLog recovered,
      DurableState durable,
      KvStateMachine machine,
      List<SnapshotFile> snapshots) {}

  /** Puts the node together and begins to run it. */
  NodeRun(
      Machine at,
      Life life,
      SimEventLoop loop,
      long seed,
      Storage storage,
      Consumer<NodeFailure> failures) {
    Timeline timeline = at.timeline();
    this.life = life;
    this.loop = loop;
    this.storage = storage;
    this.failures = failures;
    this.diskThread = new SimThread(timeline, life, 2 * Timeline.MICRO);
    this.fileThread = new SimThread(timeline, life, 2 * Timeline.MICRO);
    this.snapshotThread = new SimThread(timeline, life, 2 * Timeline.MICRO);
    Worker fileWorker = new SimWorker(fileThread);
    NodeAssembly assembly = new NodeAssembly(at.tuning().node(at.id(), at.members()), loop);
    this.wal =
        storage.recovered.start(
            new SegmentedWal.Surroundings(
                new SimWorker(diskThread), fileWorker, new LoopTime(loop), at.warnings()),
            new WatchedLog.Completions(
                assembly.completions(), at.id(), at.watch(), timeline, life, at.disk()));
    this.runtime =
        assembly.assemble(
            storage.durable,
            new NodePorts(
                new WatchedLog(wal, at.id(), at.watch(), timeline, life, loop),
                at.network().connect(at.id(), life, loop),
                new WatchedMachine(storage.machine, at.id(), at.watch()),
                fences(at, fileWorker),
                snapshots(at),
                failures),
            new Xoshiro256(seed));
    reportStart(at);
    keepIdentity(fileWorker);
    runtime.start();
  }

  /** The start is over when the disk is done; whatever ends it before that, ends it there. */
  private void reportStart(Machine at) {
    at.timeline()
        .after(
            0,
            () -> {
              if (life.isOn()) {
                at.watch().started(at.id(), storage.durable);
              }
            });
  }

  private TimedFences fences(Machine at, Worker fileWorker) {
    FileFenceStore store =
        FileFenceStore.open(
            at.disk(),
            fileWorker,
            task -> loop.execute(() -> loop.schedule(task, FileFenceStore.RETRY_NANOS)),
            at.warnings());
    return new TimedFences(store, at.id(), at.watch(), at.timeline(), life);
  }

  private TimedSnapshots snapshots(Machine at) {
    FileSnapshotStore store =
        new FileSnapshotStore(
            at.disk(),
            new SimWorker(snapshotThread),
            Pace.of(loop),
            new FileSnapshotStore.Readers(storage.machine::reader, storage.machine::checker),
            storage.snapshots,
            at.warnings());
    return new TimedSnapshots(store, at, life);
  }

  /** The identity learns the cluster's id once that is committed (safety rule 5.5). */
  private void keepIdentity(Worker fileWorker) {
    ClusterId committed = storage.machine.clusterId();
    if (committed == null) {
      loop.schedule(() -> keepIdentity(fileWorker), IDENTITY_INTERVAL_NANOS);
    } else {
      fileWorker.execute(() -> writeIdentity(fileWorker, committed));
    }
  }

  private void writeIdentity(Worker fileWorker, ClusterId committed) {
    try {
      if (!storage.directory.clusterIdKnown(committed)) {
        loop.execute(() -> loop.schedule(() -> keepIdentity(fileWorker), IDENTITY_RETRY_NANOS));
      }
    } catch (StorageFailure failure) {
      String sentence = String.valueOf(failure.getMessage());
      failures.accept(new NodeFailure(failure.exitCode(), sentence, failure));
    }
  }

  /** Hands leadership over, ends what is under way, closes the log. */
  void stop(Runnable stopped) {
    runtime.stop(() -> wal.beginClose(stopped));
  }

  RecoveredLog.Facts facts() {
    return storage.recovered.facts();
  }

  Requests requests() {
    return runtime.requests();
  }

  KvStateMachine machine() {
    return storage.machine;
  }

  SimEventLoop loop() {
    return loop;
  }

  Life life() {
    return life;
  }

  boolean isHung() {
    return diskThread.isHung() || fileThread.isHung() || snapshotThread.isHung();
  }

  /** All threads stand still, what is under way in the disk is not. */
  void pause(long nanos) {
    loop.thread().pause(nanos);
    diskThread.pause(nanos);
    fileThread.pause(nanos);
    snapshotThread.pause(nanos);
  }
}
