package raftkv.simulation.node;

import raftkv.port.Fence;
import raftkv.port.SnapshotFile;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.DurableState;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.Write;

/** Sees what passes the ports of all nodes. */
public interface Watch {
  /** A run begins with what was found on the disk. */
  void started(NodeId node, DurableState found);

  /** The run is over, whatever it still had to do. */
  void ended(NodeId node);

  /** The disk is blank now. */
  void wiped(NodeId node);

  /** A damaged log was restored from peers: as it was promised, or as a beginning anew. */
  void healed(NodeId node, boolean asPromised);

  /** A write was handed to the log store. */
  void appended(NodeId node, Write write);

  /**
   * The log store is about to say that a write is durable.
   *
   * @param clean whether nothing of the log is unforced on the disk
   */
  void claimedDurable(NodeId node, boolean clean);

  /** The node is told that all writes up to that ticket are durable. */
  void persisted(NodeId node, long ticket);

  /**
   * A snapshot is said to be durable: the node's own, or one of a peer's.
   *
   * @param clean whether its bytes and its name are forced
   */
  void snapshotDurable(NodeId node, SnapshotFile file, boolean received, boolean clean);

  /** The log up to that index may go. */
  void compacted(NodeId node, long throughIndex);

  /** The node takes its own state for wrong (safety rule 7.1). */
  void fenced(NodeId node, Fence fence);

  /** The state machine was replaced by a snapshot's state at that index. */
  void restored(NodeId node, long index, StateHash hash);

  /** An entry was applied, with that answer, and the state has that hash now. */
  void applied(NodeId node, LogEntry entry, Bytes answer, StateHash hash);
}
