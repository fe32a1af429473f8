package raftkv.server;

import raftkv.kv.KvStateMachine;
import raftkv.port.EventLoop;
import raftkv.port.Worker;
import raftkv.raft.ClusterId;
import raftkv.storage.disk.DataDirectory;

/**
 * Writes the cluster's id into the identity of the data directory once it is committed (safety rule
 * 5.5), which happens once in the life of a directory. Owned by the loop.
 */
final class ClusterIdKeeper {
  private static final long INTERVAL_NANOS = 50_000_000L;

  /** A full disk is a state, not an error: the log says the same until there is room. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final DataDirectory directory;
  private final KvStateMachine machine;
  private final EventLoop loop;
  private final Worker fileWorker;

  ClusterIdKeeper(
      DataDirectory directory, KvStateMachine machine, EventLoop loop, Worker fileWorker) {
    this.directory = directory;
    this.machine = machine;
    this.loop = loop;
    this.fileWorker = fileWorker;
  }

  /** Looks until the id is there. On the loop. */
  void watch() {
    ClusterId committed = machine.clusterId();
    if (committed == null) {
      loop.schedule(this::watch, INTERVAL_NANOS);
    } else {
      fileWorker.execute(() -> write(committed));
    }
  }

  /** On the file worker. */
  private void write(ClusterId committed) {
    if (!directory.clusterIdKnown(committed)) {
      loop.execute(() -> loop.schedule(this::watch, RETRY_NANOS));
    }
  }
}
