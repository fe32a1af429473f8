package raftkv.node;

import java.util.List;
import raftkv.port.EntryCodec;
import raftkv.port.ExitCode;
import raftkv.port.PeerMessage;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.Envelope;
import raftkv.raft.LogEntry;
import raftkv.raft.Notice;
import raftkv.raft.ReadOutcome;
import raftkv.raft.Ready;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.SnapshotTransfer;
import raftkv.raft.Write;

/**
 * Does what a {@link Ready} asks for. Nothing here decides: the write goes to the disk, messages to
 * the links, committed entries to the state machine, answers to whoever waits. Owned by the loop.
 */
final class Performer {
  private final Situation situation;
  private final NodePorts ports;
  private final Desks desks;
  private final ReplicaCheck replicas;
  private final Snapshots snapshots;
  private final DiskWatch diskWatch;
  private final NoticeLog notices;

  Performer(
      Situation situation,
      NodePorts ports,
      Desks desks,
      ReplicaCheck replicas,
      Snapshots snapshots,
      DiskWatch diskWatch,
      NoticeLog notices) {
    this.situation = situation;
    this.ports = ports;
    this.desks = desks;
    this.replicas = replicas;
    this.snapshots = snapshots;
    this.diskWatch = diskWatch;
    this.notices = notices;
  }

  void perform(Ready ready) {
    SnapshotMeta restore = ready.restore();
    if (restore != null) {
      snapshots.restore(restore);
    }
    Write write = ready.write();
    if (write != null) {
      diskWatch.written(write.ticket());
      ports.log().append(write);
    }
    announceClusterId();
    for (Envelope envelope : ready.messages()) {
      ports.transport().send(envelope.to(), new PeerMessage.Core(envelope));
    }
    for (Notice notice : ready.notices()) {
      notices.write(notice);
    }
    apply(ready.committed());
    for (ReadOutcome outcome : ready.reads()) {
      desks.reads.onOutcome(outcome);
    }
    for (SnapshotTransfer transfer : ready.transfers()) {
      snapshots.onTransfer(transfer);
    }
    for (Notice notice : ready.notices()) {
      if (notice instanceof Notice.TransferFailed) {
        desks.onTransferFailed();
      }
    }
  }

  /** The id that the own log names is spoken from the first message on (safety rule 5.5). */
  private void announceClusterId() {
    if (situation.clusterId() != null) {
      return;
    }
    ClusterId clusterId = situation.raft.view().clusterId();
    if (clusterId != null) {
      situation.clusterId(clusterId);
      ports.transport().clusterIdKnown(clusterId);
    }
  }

  private void apply(List<LogEntry> committed) {
    if (committed.isEmpty()) {
      return;
    }
    long last = 0;
    for (LogEntry entry : committed) {
      Bytes answer = applyOne(entry);
      last = entry.index();
      desks.writes.onApplied(entry.position(), answer);
      replicas.onApplied(last);
      snapshots.onApplied(entry);
    }
    situation.raft.applied(last);
    desks.applied.reached(last);
  }

  private Bytes applyOne(LogEntry entry) {
    Check.that(
        entry.index() == ports.machine().appliedIndex() + 1,
        "entries are applied in order",
        entry.index(),
        ports.machine().appliedIndex());
    if (!EntryCodec.isIntact(entry)) {
      throw new StorageFailure(
          ExitCode.DAMAGED, "entry " + entry + " was damaged in memory before it was applied");
    }
    try {
      return ports.machine().apply(entry);
    } catch (StorageFailure named) {
      throw named;
    } catch (RuntimeException thrown) {
      EntryKind kind = entry.kind();
      throw new IllegalStateException(
          "applying " + entry.position() + " " + kind + " failed: " + thrown, thrown);
    }
  }
}
