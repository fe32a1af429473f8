package raftkv.storage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.port.Disk;
import raftkv.port.EntryCodec;
import raftkv.port.LogStore;
import raftkv.port.SnapshotStore.Saved;
import raftkv.port.StorageFailure;
import raftkv.port.Worker;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.DurableState;
import raftkv.raft.EntryKind;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Settings;
import raftkv.raft.Write;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.snapshot.FileSnapshotStore;
import raftkv.storage.snapshot.SnapshotRecovery;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.RecoveredLog;
import raftkv.storage.wal.SegmentedWal;
import raftkv.storage.wal.WalConfig;
import raftkv.storage.wal.WalTimer;

/**
 * All files of one node, written by production code on the test's own thread: an identity that
 * knows its cluster, a log of several segments, two snapshots of states in the midst of it.
 */
public final class NodeFiles implements LogStore.Listener, WalTimer {
  /** Segments of 16 KiB. */
  public static final WalConfig SMALL =
      new WalConfig(16 << 10, 4 << 10, 20_000_000L, 1_000_000_000L);

  /** The cluster that the files belong to. */
  public static final ClusterId CLUSTER = new ClusterId(7, 9);

  /** The node whose files they are. */
  public static final NodeId NODE = new NodeId(1);

  private static final Incarnation INCARNATION = new Incarnation(1, 1);
  private static final long TERM = 3;

  private final KvStateMachine machine = new KvStateMachine();
  private final Worker worker = new AtOnce();
  private final Shape shape;
  private long ticket;

  /**
   * How much is written.
   *
   * @param config of the log
   * @param entries of the log; snapshots are at a third and at two thirds of it
   * @param keys that are written in turn
   * @param valueBytes sizes of the values, in turn
   */
  public record Shape(WalConfig config, int entries, int keys, List<Integer> valueBytes) {
    /** Log and snapshots of a few KiB, the log in several segments. */
    public static final Shape TINY = new Shape(SMALL, 50, 7, List.of(0));

    /** A segment of the size that a server uses, nearly full, and snapshots of many chunks. */
    public static final Shape FULL =
        new Shape(WalConfig.DEFAULT, 360, 60, List.of(100, 130_000, 3_000, 30_000));
  }

  /** Runs tasks as they are given, but never one inside another. */
  private static final class AtOnce implements Worker {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (!running) {
        running = true;
        while (!tasks.isEmpty()) {
          tasks.remove().run();
        }
        running = false;
      }
    }
  }

  private NodeFiles(Shape shape) {
    this.shape = shape;
  }

  /** Writes all files and closes them. */
  public static void write(Disk disk, Shape shape) {
    new NodeFiles(shape).writeAll(disk);
  }

  /** What a node would start with. */
  public record Start(DurableState durable, KvStateMachine machine, List<String> warnings) {
    /** Everything that must not be another than it was: for comparing. */
    public List<Object> facts() {
      return List.of(
          durable.hardState(),
          durable.base(),
          durable.entries(),
          machine.appliedIndex(),
          machine.hash(),
          machine.recomputeHash());
    }
  }

  /**
   * Starts from the files as a server does, and applies all of the log.
   *
   * @throws StorageFailure if the start is refused
   */
  public static Start start(Disk disk, WalConfig config) {
    List<String> warnings = new ArrayList<>();
    DataDirectory directory = DataDirectory.open(disk, NODE, warnings::add);
    try {
      RecoveredLog log = LogRecovery.recover(directory, config, warnings::add);
      KvStateMachine state = new KvStateMachine();
      SnapshotRecovery.Found found =
          SnapshotRecovery.recover(directory, readers(state), warnings::add);
      var newest = found.newest();
      DurableState durable = log.startingFrom(newest == null ? null : newest.meta());
      if (found.image() != null) {
        state.restore(found.image());
      }
      for (LogEntry entry : durable.entries()) {
        if (entry.index() > state.appliedIndex()) {
          state.apply(entry);
        }
      }
      return new Start(durable, state, warnings);
    } finally {
      directory.close();
    }
  }

  private void writeAll(Disk disk) {
    int entries = shape.entries;
    DataDirectory directory = DataDirectory.open(disk, NODE, ignored -> {});
    SegmentedWal wal =
        LogRecovery.recover(directory, shape.config, ignored -> {})
            .start(new SegmentedWal.Surroundings(worker, worker, this, ignored -> {}), this);
    FileSnapshotStore store =
        new FileSnapshotStore(
            disk, worker, Runnable::run, readers(machine), List.of(), ignored -> {});
    append(wal, EntryKind.SETTINGS, settings());
    directory.clusterIdKnown(CLUSTER);
    for (int index = 2; index <= entries; index++) {
      append(wal, EntryKind.COMMAND, put(index));
      if (index == entries / 3 || index == entries * 2 / 3) {
        store.save(machine.captureState(), TERM, NodeFiles::checkDurable);
      }
    }
    wal.close();
  }

  private static void checkDurable(Saved saved) {
    if (!(saved instanceof Saved.Durable)) {
      throw new AssertionError(saved);
    }
  }

  private void append(SegmentedWal wal, EntryKind kind, Bytes body) {
    LogPosition position = new LogPosition(machine.appliedIndex() + 1, TERM);
    LogEntry entry = new EntryCodec().encode(position, kind, body);
    HardState hardState = new HardState(TERM, new NodeId(2), INCARNATION, false);
    wal.append(new Write(++ticket, hardState, null, 0, List.of(entry), position.index()));
    machine.apply(entry);
  }

  private static Bytes settings() {
    List<Settings.Member> members = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      members.add(new Settings.Member(new NodeId(id), new Incarnation(id, id)));
    }
    return new Settings(CLUSTER, members, KvLimits.DEFAULTS.encode()).encode();
  }

  private Bytes put(int index) {
    String value = "value of " + index;
    int bytes = shape.valueBytes.get(index % shape.valueBytes.size());
    return CommandCodec.encode(
        new KvCommand.Put(
            RequestIdentity.of("client" + index % 3, index),
            Bytes.wrap(("key" + index % shape.keys).getBytes(StandardCharsets.UTF_8)),
            KvValue.text(value.repeat(1 + bytes / value.length()))));
  }

  /** How states are read, and checked, by the state machine. */
  public static FileSnapshotStore.Readers readers(KvStateMachine any) {
    return new FileSnapshotStore.Readers(any::reader, any::checker);
  }

  @Override
  public void persisted(long persistedTicket) {
    // Each write is forced before append returns: the workers are this thread.
  }

  @Override
  public void failed(StorageFailure failure) {
    throw failure;
  }

  @Override
  public long nowNanos() {
    return 0;
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    // No time passes: the marker is written when the log is closed.
  }
}
