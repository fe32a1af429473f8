package raftkv.storage.wal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import raftkv.port.Disk;
import raftkv.port.EntryCodec;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.MemoryDisk;

/** One node's log on one disk, with workers and time in the test's hands. */
final class WalFixture implements LogStore.Listener, WalTimer {
  static final NodeId NODE = new NodeId(1);
  static final WalConfig SMALL = new WalConfig(16 << 10, 4 << 10, 20_000_000L, 1_000_000_000L);
  static final WalConfig MEDIUM = new WalConfig(64 << 10, 4 << 10, 20_000_000L, 1_000_000_000L);
  static final Incarnation INCARNATION = new Incarnation(0x11, 0x22);

  private record Alarm(long atNanos, Runnable task) {}

  final TaskQueue diskWorker = new TaskQueue();
  final TaskQueue fileWorker = new TaskQueue();
  final List<Long> persisted = new ArrayList<>();
  final List<StorageFailure> failures = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();
  final RecoveredLog recovered;
  final DataDirectory directory;
  final SegmentedWal wal;

  /** Told each ticket at the moment at which it is reported. */
  LongConsumer promises = ticket -> {};

  private final ArrayDeque<Alarm> alarms = new ArrayDeque<>();
  private long nowNanos;

  /** Locks, recovers and starts; a refusal lets the lock go. */
  WalFixture(Disk disk, WalConfig config) {
    directory = DataDirectory.open(disk, NODE, warnings::add);
    boolean done = false;
    try {
      recovered = LogRecovery.recover(directory, config, warnings::add);
      done = true;
    } finally {
      if (!done) {
        directory.close();
      }
    }
    wal =
        recovered.start(
            new SegmentedWal.Surroundings(diskWorker, fileWorker, this, warnings::add), this);
  }

  WalFixture(Disk disk) {
    this(disk, SMALL);
  }

  /** Runs both workers until nothing waits. */
  void run() {
    while (diskWorker.runOne() || fileWorker.runOne()) {
      // until nothing waits
    }
  }

  /** Lets time pass, and runs what is due and what follows from it. */
  void pass(long nanos) {
    nowNanos += nanos;
    for (int i = alarms.size(); i > 0; i--) {
      Alarm alarm = alarms.removeFirst();
      if (alarm.atNanos <= nowNanos) {
        alarm.task.run();
      } else {
        alarms.add(alarm);
      }
    }
    run();
  }

  void appendAndRun(Write write) {
    wal.append(write);
    run();
  }

  void close() {
    fileWorker.runAtOnce();
    diskWorker.runAtOnce();
    wal.close();
  }

  @Override
  public void persisted(long ticket) {
    persisted.add(ticket);
    promises.accept(ticket);
    note("-> persisted " + ticket);
  }

  @Override
  public void failed(StorageFailure failure) {
    failures.add(failure);
    note("-> failed " + failure.getMessage());
  }

  @Override
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    alarms.add(new Alarm(nowNanos + delayNanos, task));
  }

  private void note(String line) {
    if (directory.disk() instanceof MemoryDisk disk) {
      disk.note(line);
    }
  }

  static HardState term(long term) {
    return new HardState(term, null, INCARNATION, false);
  }

  static HardState vote(long term, int votedFor) {
    return new HardState(term, new NodeId(votedFor), INCARNATION, false);
  }

  static LogEntry entry(long index, long term, int bodyBytes) {
    byte[] body = new byte[bodyBytes];
    byte[] text = (index + "@" + term + " ").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < body.length; i++) {
      body[i] = text[i % text.length];
    }
    return new EntryCodec()
        .encode(new LogPosition(index, term), EntryKind.COMMAND, Bytes.wrap(body));
  }

  /** Entries from that index on, each with a body of that size. */
  static List<LogEntry> entries(long fromIndex, int count, long term, int bodyBytes) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(entry(fromIndex + i, term, bodyBytes));
    }
    return entries;
  }

  static Write write(long ticket, HardState hardState, List<LogEntry> entries, long commit) {
    return new Write(ticket, hardState, null, 0, entries, commit);
  }

  static Write cut(
      long ticket, HardState hardState, long cutAt, List<LogEntry> entries, long commit) {
    return new Write(ticket, hardState, null, cutAt, entries, commit);
  }

  static Write reset(
      long ticket, HardState hardState, LogPosition base, List<LogEntry> entries, long commit) {
    return new Write(
        ticket,
        hardState,
        new SnapshotMeta(base, new Roster(new ClusterId(1, 2), List.of())),
        0,
        entries,
        commit);
  }
}
