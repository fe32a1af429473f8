package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import raftkv.port.LogFiles;
import raftkv.port.LogRoom;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.raft.DurableState;
import raftkv.raft.HardState;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;

/** A log whose writes are durable after a while; what was not is lost with the process. */
final class MemoryLog {
  private final VirtualTime time;
  private HardState hardState = HardState.BLANK;
  private final List<LogEntry> entries = new ArrayList<>();
  private long commitIndex;

  /** How long a force takes. */
  long forceNanos = 200_000;

  private LogPosition base = LogPosition.ZERO;

  /** Each file holds so many entries, and takes so many bytes whatever they are. */
  int fileEntries = 1 << 20;

  long fileBytes = 1 << 20;

  /** What the disk has room for: no more files than those, and what it says otherwise. */
  long diskBytes = Long.MAX_VALUE;

  LogRoom room = LogRoom.FREE;

  /** Forces do not end. */
  boolean hangs;

  private Store current;

  MemoryLog(VirtualTime time) {
    this.time = time;
  }

  DurableState durable(@Nullable SnapshotMeta snapshot) {
    return new DurableState(hardState, base, snapshot, List.copyOf(entries), commitIndex);
  }

  DurableState durable() {
    return durable(null);
  }

  /** Where the stored log begins. */
  LogPosition base() {
    return base;
  }

  /** A new process opens the log. */
  Store open(LogStore.Listener listener) {
    current = new Store(listener);
    return current;
  }

  /** The process dies: what is not forced is gone. */
  void crash() {
    current.dead = true;
  }

  void wipe() {
    hardState = HardState.BLANK;
    base = LogPosition.ZERO;
    entries.clear();
    commitIndex = 0;
  }

  void unhang() {
    hangs = false;
    current.forceLater();
  }

  void fail(StorageFailure failure) {
    current.listener.failed(failure);
  }

  LogFiles files() {
    return current.files();
  }

  private long[] begins() {
    long last = entries.isEmpty() ? base.index() : entries.get(entries.size() - 1).index();
    return LongStream.rangeClosed(base.index(), Math.max(base.index(), last - 1))
        .filter(index -> index == base.index() || index % fileEntries == 0)
        .toArray();
  }

  private void apply(Write write) {
    hardState = write.hardState();
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      entries.clear();
      base = reset.lastIncluded();
    }
    if (write.cutAt() > 0) {
      entries.removeIf(entry -> entry.index() >= write.cutAt());
    }
    entries.addAll(write.entries());
    commitIndex = write.commitIndex();
  }

  /** One run's hand on the log. */
  final class Store implements LogStore {
    private final Listener listener;
    private final List<Write> queued = new ArrayList<>();
    private boolean dead;
    private boolean forcing;
    private long unwritten;

    private Store(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void append(Write write) {
      queued.add(write);
      unwritten += write.entries().stream().mapToLong(LogEntry::sizeBytes).sum();
      forceLater();
    }

    private void forceLater() {
      if (!forcing && !hangs && !queued.isEmpty()) {
        forcing = true;
        List<Write> batch = List.copyOf(queued);
        queued.clear();
        time.after(forceNanos, () -> forced(batch));
      }
    }

    private void forced(List<Write> batch) {
      if (dead) {
        return;
      }
      batch.forEach(MemoryLog.this::apply);
      forcing = false;
      unwritten = 0;
      for (Write write : queued) {
        unwritten += write.entries().stream().mapToLong(LogEntry::sizeBytes).sum();
      }
      listener.persisted(batch.get(batch.size() - 1).ticket());
      forceLater();
    }

    @Override
    public void compact(long throughIndex) {
      while (!entries.isEmpty() && entries.get(0).index() <= throughIndex) {
        base = entries.remove(0).position();
      }
    }

    @Override
    public LogFiles files() {
      return new LogFiles(fileBytes, begins());
    }

    @Override
    public LogRoom room(long moreBytes) {
      return files().bytes() > diskBytes ? LogRoom.RESERVE : room;
    }

    @Override
    public long unwrittenBytes() {
      return unwritten;
    }

    @Override
    public void close() {
      dead = true;
    }
  }
}
