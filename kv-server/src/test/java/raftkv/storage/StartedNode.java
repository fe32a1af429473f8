package raftkv.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvStateMachine;
import raftkv.port.EntryCodec;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Saved;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.EntryKind;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;
import raftkv.storage.NodePromises.Found;
import raftkv.storage.disk.CrashSubject.Started;
import raftkv.storage.snapshot.StartChoice;

/** A node that has started and may speak: what the core wanted written is durable. */
final class StartedNode implements Started<Found>, StartChoice.Cases<List<LogEntry>> {
  private final StoredNode node;
  private final Found found;
  private long persisted;

  StartedNode(StoredNode node) {
    this.node = node;
    node.promises = ticket -> persisted = ticket;
    Write first = node.first;
    HardState hardState = node.durable.hardState();
    if (first != null) {
      hardState = first.hardState();
      append(first);
    }
    List<LogEntry> tail = node.choice.match(this);
    tail.forEach(node.machine::apply);
    LogPosition behind =
        node.stored.isEmpty() ? LogPosition.ZERO : node.stored.get(0).meta().lastIncluded();
    found =
        new Found(
            node.directory.clusterId(), hardState, node.stored, behind, tail, node.machine.hash());
  }

  private void append(Write write) {
    node.wal.append(write);
    while (persisted < write.ticket()) {
      boolean ran = node.maybeRun(node.diskWorker) || node.maybeRun(node.fileWorker);
      Check.that(ran, "what is written becomes durable");
    }
  }

  @Override
  public Found found() {
    return found;
  }

  /** One entry more, and if there is a cluster, a snapshot behind it in place of the log. */
  @Override
  public Found goOn() {
    int size = found.tail().size();
    LogPosition last = size == 0 ? found.behind() : found.tail().get(size - 1).position();
    LogPosition next = new LogPosition(last.index() + 1, 50);
    LogEntry entry = new EntryCodec().encode(next, EntryKind.NOOP, Bytes.EMPTY);
    HardState hardState =
        new HardState(
            50, new NodeId(3), found.hardState().incarnation(), found.hardState().admitted());
    append(new Write(100, hardState, null, 0, List.of(entry), last.index()));
    KvStateMachine machine = node.machine;
    machine.apply(entry);
    if (machine.roster() == null) {
      List<LogEntry> tail = new ArrayList<>(found.tail());
      tail.add(entry);
      return new Found(
          found.cluster(), hardState, found.stored(), found.behind(), tail, machine.hash());
    }
    SnapshotFile saved = takeSnapshot(next);
    List<SnapshotFile> stored = new ArrayList<>(List.of(saved));
    if (!found.stored().isEmpty()) {
      stored.add(found.stored().get(0));
    }
    return new Found(found.cluster(), hardState, stored, next, List.of(), machine.hash());
  }

  private SnapshotFile takeSnapshot(LogPosition position) {
    List<Saved> outcome = new ArrayList<>();
    node.snapshots.save(node.machine.captureState(), position.term(), outcome::add);
    node.run();
    node.wal.compact(position.index());
    node.run();
    return ((Saved.Durable) outcome.get(0)).file();
  }

  @Override
  public List<LogEntry> logAlone() {
    checkReset(null);
    return node.durable.entries();
  }

  @Override
  public List<LogEntry> keep(SnapshotMeta snapshot) {
    checkReset(null);
    long covered = snapshot.lastIncluded().index() - node.durable.base().index();
    return node.durable.entries().subList((int) covered, node.durable.entries().size());
  }

  @Override
  public List<LogEntry> reset(SnapshotMeta snapshot) {
    checkReset(snapshot);
    return List.of();
  }

  @Override
  public List<LogEntry> damage(StartChoice.Damage damage) {
    throw new AssertionError(damage.sentence());
  }

  /** The core comes to the same conclusion. */
  private void checkReset(@Nullable SnapshotMeta expected) {
    Write first = node.first;
    SnapshotMeta written = first == null ? null : first.reset();
    Check.that(
        expected == null ? written == null : expected.equals(written),
        "the core resets the log where snapshot and log say so");
  }
}
