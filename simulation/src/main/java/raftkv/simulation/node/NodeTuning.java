package raftkv.simulation.node;

import java.util.List;
import raftkv.kv.KvLimits;
import raftkv.node.NodeConfig;
import raftkv.node.SnapshotPolicy;
import raftkv.port.EntryCodec;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.storage.wal.WalConfig;

/**
 * The numbers of all nodes of a seed.
 *
 * @param segmentBytes of the log
 * @param appendBytes entries of one append
 * @param committedEntries entries that one turn applies
 * @param checkInvariants whether the cores check the expensive invariants
 * @param retainedBytes of log behind a snapshot
 * @param snapshotLogBytes how much log makes a snapshot due
 * @param snapshotInterval snapshots are of multiples of this index
 * @param limits what the cluster agrees on when it forms
 */
public record NodeTuning(
    int segmentBytes,
    int appendBytes,
    int committedEntries,
    boolean checkInvariants,
    long retainedBytes,
    long snapshotLogBytes,
    long snapshotInterval,
    KvLimits limits) {
  private static final long OVERLOAD_BYTES = 512L << 20;
  private static final long MIN_SEGMENTS = 16;
  private static final int BATCH_BYTES = 8 << 10;

  WalConfig wal() {
    WalConfig defaults = WalConfig.DEFAULT;
    return new WalConfig(segmentBytes, BATCH_BYTES, defaults.idleNanos(), defaults.retryNanos());
  }

  NodeConfig node(NodeId self, List<NodeId> members) {
    RaftConfig raft = RaftConfig.of(self, members, new EntryCodec(), limits.encode());
    RaftConfig.Flow flow = raft.flow();
    return NodeConfig.of(
            new RaftConfig(
                raft.self(),
                raft.members(),
                raft.format(),
                raft.limits(),
                raft.elections(),
                new RaftConfig.Flow(
                    appendBytes,
                    flow.windowMessages(),
                    flow.windowBytes(),
                    flow.maxUncommittedEntries(),
                    flow.maxUncommittedBytes(),
                    committedEntries,
                    flow.maxCommittedBytes()),
                retainedBytes,
                raft.snapshotRetryNanos(),
                checkInvariants))
        .withSnapshots(
            new SnapshotPolicy(
                snapshotLogBytes,
                2 * snapshotLogBytes,
                OVERLOAD_BYTES,
                MIN_SEGMENTS * segmentBytes,
                Long.MAX_VALUE,
                snapshotInterval,
                SnapshotPolicy.DEFAULT.confirmNanos(),
                SnapshotPolicy.DEFAULT.retryNanos()));
  }
}
