package raftkv.node;

import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.LogRoom;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StateCapture;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/**
 * Decides when this node's state is captured and written, and lets the log's prefix go behind it.
 *
 * <pre>
 *   due, or wanted --> captured --a majority has the same hash there--> written --> compaction
 *                         |                                               |
 *                         +-- not confirmed in time: once more, later     +-- no room: later
 * </pre>
 *
 * <p>A state is written only once a majority, this replica included, has told the same hash at its
 * index, so that every stored snapshot may be sent (safety rule 7.2), also after a restart and when
 * those who agreed are gone; and only at an index that is durable in the own log. Owned by the
 * loop.
 */
final class Snapshotter {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  /** A state that waits to be confirmed, or that is being written. */
  private record Captured(
      StateCapture state, LogPosition position, long appliedBytes, long sinceNanos) {}

  private final Situation situation;
  private final NodePorts ports;
  private final ReplicaCheck replicas;
  private final Consumer<Saved> completions;
  private final SnapshotDesk desk;

  private LogPosition applied = LogPosition.ZERO;

  /** Bytes of all entries applied by this run, and of those that the last snapshot covers. */
  private long appliedBytes;

  private long coveredBytes;
  private @Nullable Captured unconfirmed;
  private @Nullable Captured saving;

  /** What the core knows to cover the log: one restored from, or saved by this run. */
  private @Nullable SnapshotFile covering;

  private boolean wanted;

  /** The state is as large as the heap bears. */
  private boolean full;

  /** A peer's snapshot is on its way in: none is written meanwhile. */
  private boolean held;

  /** The last attempt found no room on the disk. */
  private boolean lacksRoom;

  private long notBeforeNanos = Long.MIN_VALUE;
  private long compactedIndex;

  Snapshotter(
      Situation situation, NodePorts ports, ReplicaCheck replicas, Consumer<Saved> completions) {
    this.situation = situation;
    this.ports = ports;
    this.replicas = replicas;
    this.completions = completions;
    this.desk = new SnapshotDesk(situation);
  }

  /** Bytes of the applied log behind the last snapshot. */
  long logBytes() {
    return appliedBytes - coveredBytes;
  }

  /** What the heap has room for: none until a snapshot is there, or only what makes room. */
  LogRoom room() {
    if (logBytes() > policy().overloadBytes(stateBytes())) {
      return LogRoom.NONE;
    }
    return policy().isFull(stateBytes()) ? LogRoom.RESERVE : LogRoom.FREE;
  }

  boolean isSaving() {
    return saving != null;
  }

  /** An operator asks for one. */
  void begin(SnapshotRequest request, Consumer<SnapshotOutcome> answer) {
    Fence fence = situation.reportable();
    if (situation.isEnded()) {
      answer.accept(new SnapshotOutcome.NotReady("stopping"));
    } else if (fence != null) {
      answer.accept(new SnapshotOutcome.Diverged(fence));
    } else if (desk.await(request, answer)) {
      desk.obstacle(applied.isZero() ? "nothing is applied yet" : "it is being written");
      want();
    } else {
      answer.accept(new SnapshotOutcome.Overloaded("requests that wait for an answer"));
    }
  }

  /** A snapshot of about now is needed. */
  void want() {
    wanted = true;
    situation.wake();
  }

  /** One more entry was applied, and nothing behind it. */
  void onApplied(LogEntry entry) {
    applied = entry.position();
    appliedBytes += Bytes.heapBytes(entry.sizeBytes());
    if (applied.index() % policy().interval() == 0 && isDue()) {
      maybeCapture();
    }
  }

  private boolean isDue() {
    return logBytes() >= policy().dueBytes(newestBytes(), rank(), stateBytes())
        || fileBytes() >= policy().dueFileBytes(newestBytes(), rank(), stateBytes());
  }

  /**
   * Entries may be so large that the next multiple of the interval is far away; or the last
   * multiples were applied before they were durable here.
   */
  private boolean isLate() {
    return logBytes() >= policy().lateBytes(newestBytes(), rank(), stateBytes())
        || fileBytes() >= policy().dueFileBytes(newestBytes(), rank(), stateBytes()) / 4 * 5;
  }

  /** Bytes of the log's files behind the last snapshot. */
  private long fileBytes() {
    return ports.log().files().bytesBehind(newestIndex());
  }

  /** On a full disk no more log comes that would make one due. */
  private boolean wouldMakeRoom() {
    return situation.isDiskFull() && fileBytes() > ports.log().files().bytesBehind(applied.index());
  }

  /** Goes on if it can; once a turn. */
  void watch() {
    if ((wanted || isLate() || wouldMakeRoom()) && !applied.isZero()) {
      maybeCapture();
    }
    maybeSave();
    boolean awaited = logBytes() > policy().overloadBytes(stateBytes()) / 4 * 3;
    if (saving != null && (awaited || situation.isDiskFull())) {
      ports.snapshots().hurry();
    }
    maybeKeepNothing();
    maybeCompact();
    watchSize();
  }

  private void watchSize() {
    // Said once, not at each delete and put around the limit.
    long margin = full ? stateBytes() / 16 : 0;
    if (policy().isFull(stateBytes() + margin) == full) {
      return;
    }
    full = !full;
    String size = Words.bytes(stateBytes());
    if (full) {
      LOG.warn("the state takes {} of the heap: only deletes are taken {}", size, place());
    } else {
      LOG.info("the state takes {} of the heap: all writes are taken {}", size, place());
    }
  }

  private SnapshotPolicy policy() {
    return situation.config.snapshots();
  }

  private long newestBytes() {
    SnapshotFile newest = ports.snapshots().newest();
    return newest == null ? 0 : newest.sizeBytes();
  }

  private long newestIndex() {
    SnapshotFile newest = ports.snapshots().newest();
    return newest == null ? 0 : newest.meta().lastIncluded().index();
  }

  private long stateBytes() {
    return ports.machine().heapBytes();
  }

  /** Members take turns, in order of their ids; the leader, who has most to do, comes last. */
  private int rank() {
    List<NodeId> members = situation.config.raft().members();
    NodeId leader = situation.raft.leader();
    if (situation.self().equals(leader)) {
      return members.size() - 1;
    }
    int rank = members.indexOf(situation.self());
    return leader != null && leader.compareTo(situation.self()) < 0 ? rank - 1 : rank;
  }

  private void maybeCapture() {
    boolean busy = unconfirmed != null || saving != null || held;
    if (busy || !situation.mayGiveResults() || situation.now() < notBeforeNanos) {
      return;
    }
    SnapshotFile newest = ports.snapshots().newest();
    if (newest != null && newest.meta().lastIncluded().equals(applied)) {
      wanted = false;
      desk.settle(new SnapshotOutcome.Taken(newest));
    } else if (applied.index() <= situation.raft.view().durableIndex()) {
      capture();
    }
  }

  private void capture() {
    Captured captured =
        new Captured(ports.machine().captureState(), applied, appliedBytes, situation.now());
    unconfirmed = captured;
    replicas.askFor(applied.index());
    situation.deadlines.at(situation.now() + policy().confirmNanos(), () -> giveUp(captured));
  }

  private void giveUp(Captured captured) {
    if (captured.equals(unconfirmed)) {
      unconfirmed = null;
      notBeforeNanos = situation.now() + policy().retryNanos();
      wanted = true;
      desk.obstacle("no majority has told that it has the same state");
      situation.deadlines.at(notBeforeNanos, () -> {});
    }
  }

  private void maybeSave() {
    Captured captured = unconfirmed;
    if (captured == null) {
      return;
    }
    if (!situation.mayGiveResults()) {
      unconfirmed = null;
    } else if (replicas.isConfirmed(captured.state().index(), captured.state().hash())) {
      unconfirmed = null;
      saving = captured;
      ports.snapshots().save(captured.state(), captured.position().term(), completions);
    }
  }

  /** What the store says of the state that was written. */
  void onSaved(Saved saved) {
    Captured captured = saving;
    saving = null;
    if (captured == null) {
      throw new IllegalStateException("a snapshot is saved that was not captured");
    }
    if (saved instanceof Saved.Durable durable) {
      onDurable(durable.file(), captured);
    } else if (saved instanceof Saved.NoRoom) {
      notBeforeNanos = situation.now() + policy().retryNanos();
      warnOfNoRoom();
      desk.settle(new SnapshotOutcome.NoRoom());
    } else if (saved instanceof Saved.Differs differs) {
      long index = captured.position().index();
      replicas.onOwnStateWrong(new Fence(index, differs.written(), differs.expected()));
    } else {
      throw ((Saved.Failed) saved).failure();
    }
  }

  /** Said once: a disk may be full for hours. */
  private void warnOfNoRoom() {
    if (!lacksRoom) {
      lacksRoom = true;
      LOG.warn("no room for a snapshot; trying again {}", place());
    }
  }

  private void onDurable(SnapshotFile file, Captured captured) {
    wanted = false;
    lacksRoom = false;
    coveredBytes = captured.appliedBytes();
    covering = file;
    dropPrefix(file);
    LOG.info(
        "snapshot taken: {}, {} in {} {}",
        file.meta().lastIncluded(),
        Words.bytes(file.sizeBytes()),
        Words.seconds(situation.now() - captured.sinceNanos()),
        place());
    desk.settle(new SnapshotOutcome.Taken(file));
  }

  /** What is kept for members that lag is bounded by its files too. */
  private void dropPrefix(SnapshotFile file) {
    long kept =
        situation.isDiskFull()
            ? 0
            : SnapshotPolicy.keptFileBytes(situation.config.raft().retainedLogBytes());
    long index = file.meta().lastIncluded().index();
    situation.raft.snapshotSaved(file.meta(), ports.log().files().baseFor(index, kept));
  }

  /** On a full disk, members that lag are sent the snapshot. */
  private void maybeKeepNothing() {
    SnapshotFile file = covering;
    if (file == null || !situation.isDiskFull() || !situation.mayGiveResults()) {
      return;
    }
    if (newestIndex() < file.meta().lastIncluded().index()) {
      return; // it was found damaged since, and covers nothing
    }
    long base = ports.log().files().baseFor(file.meta().lastIncluded().index(), 0);
    if (base > situation.raft.logBase().index()) {
      dropPrefix(file);
    }
  }

  /** The log's prefix that nobody needs any more goes from the disk as well. */
  private void maybeCompact() {
    long base = situation.raft.logBase().index();
    if (base > compactedIndex) {
      compactedIndex = base;
      ports.log().compact(base);
    }
  }

  /** Nothing is written from now on; false if something is. */
  boolean hold() {
    if (saving != null) {
      return false;
    }
    unconfirmed = null;
    held = true;
    return true;
  }

  void release() {
    held = false;
  }

  /** This replica is fenced, or nobody knows who is right. */
  void onDiverged() {
    Fence fence = situation.reportable();
    if (fence != null) {
      wanted = false;
      desk.settle(new SnapshotOutcome.Diverged(fence));
    }
  }

  /** The state machine is that of a snapshot from now on. */
  void onRestored(LogPosition position) {
    applied = position;
    coveredBytes = appliedBytes;
    unconfirmed = null;
    SnapshotFile newest = ports.snapshots().newest();
    boolean isOf = newest != null && newest.meta().lastIncluded().equals(position);
    covering = isOf ? newest : null;
  }

  /** The process ends. */
  void endAll() {
    desk.settle(new SnapshotOutcome.NotReady("stopping"));
  }

  private String place() {
    return "node=" + situation.self() + " term=" + situation.raft.term();
  }
}
