package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.SnapshotStore.Saved;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.SnapshotTransfer;

/** All that a node does with snapshots: takes, sends, receives. Owned by the loop. */
final class Snapshots {
  final Snapshotter own;
  final SnapshotSending sending;
  private final SnapshotReceiving receiving;
  private final Inbox inbox;
  private final NodePorts ports;

  Snapshots(Situation situation, NodePorts ports, Inbox inbox, ReplicaCheck replicas, Desks desks) {
    this.inbox = inbox;
    this.ports = ports;
    this.own = new Snapshotter(situation, ports, replicas, inbox::snapshotSaved);
    this.sending = new SnapshotSending(situation, ports, own);
    this.receiving = new SnapshotReceiving(situation, ports, inbox, own, replicas, desks);
  }

  void start() {
    receiving.start();
  }

  /** What the store has done meanwhile. */
  void takeCompletions() {
    Saved saved = inbox.takeSnapshotSaved();
    if (saved != null) {
      own.onSaved(saved);
    }
    Received received = inbox.takeSnapshotReceived();
    if (received != null) {
      receiving.onReceived(received);
    }
  }

  void onApplied(LogEntry entry) {
    own.onApplied(entry);
  }

  void restore(SnapshotMeta meta) {
    receiving.restore(meta);
  }

  void onTransfer(SnapshotTransfer transfer) {
    sending.onTransfer(transfer);
  }

  /** Callable from any thread. */
  void offered(NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
    receiving.offered(from, term, file, answer);
  }

  /** Once a turn. */
  void watch() {
    receiving.watch();
    sending.watch();
    own.watch();
  }

  void onDiverged() {
    own.onDiverged();
  }

  void endAll() {
    own.endAll();
  }

  NodeStatus.SnapshotStatus status() {
    SnapshotFile newest = ports.snapshots().newest();
    SnapshotFile arriving = receiving.arrivingFile();
    return new NodeStatus.SnapshotStatus(
        newest == null ? 0 : newest.meta().lastIncluded().index(),
        newest == null ? 0 : newest.sizeBytes(),
        own.logBytes(),
        ports.log().files().bytes(),
        own.isSaving(),
        arriving == null ? 0 : arriving.sizeBytes());
  }
}
