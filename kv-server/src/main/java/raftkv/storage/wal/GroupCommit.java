package raftkv.storage.wal;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.LogStore;
import raftkv.raft.LogEntry;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;

/**
 * Turns queued writes into batches: as many writes as there are become one batch, one write and one
 * force. A write that cuts or resets the log begins a batch of its own; one that does not fit into
 * a batch or segment is spread over several. Owned by the disk worker.
 */
final class GroupCommit {
  private final WalConfig config;
  private final SegmentWriter writer;
  private final WriteQueue queue;
  private final LogStore.Listener listener;

  /** Taken from the queue and not yet wholly in a forced group. */
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  /** How many entries of the first write are in earlier batches. */
  private int entriesDone;

  /** Wholly in the group being made; durable when it is forced. */
  private final ArrayDeque<Write> inGroup = new ArrayDeque<>();

  GroupCommit(
      WalConfig config, SegmentWriter writer, WriteQueue queue, LogStore.Listener listener) {
    this.config = config;
    this.writer = writer;
    this.queue = queue;
    this.listener = listener;
  }

  /** Takes what the loop has queued. */
  void takeQueued() {
    queue.moveTo(writes);
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  /** Whether the next write, or what is left of it, can begin in the present segment. */
  boolean fits() {
    return writer.fits(nextEntry(writes.getFirst()));
  }

  /** Writes and forces one group, and reports what became durable. */
  void commitGroup() {
    do {
      fillBatch();
    } while (!writes.isEmpty() && writer.groupBytes() < config.batchSizeBytes() && fits());
    writer.flush();
    long ticket = -1;
    while (!inGroup.isEmpty()) {
      Write durable = inGroup.removeFirst();
      queue.forced(durable);
      ticket = durable.ticket();
    }
    if (ticket >= 0) {
      listener.persisted(ticket);
    }
  }

  private void fillBatch() {
    Write write = writes.getFirst();
    writer.beginBatch(entriesDone == 0 ? change(write) : LogChange.NONE);
    boolean whole = addEntries(write);
    while (whole && joins(writes.peekFirst())) {
      write = writes.getFirst();
      whole = addEntries(write);
    }
    writer.endBatch(write.hardState(), write.commitIndex());
  }

  /** Adds what fits; a write that is in wholly goes to the group. */
  private boolean addEntries(Write write) {
    List<LogEntry> entries = write.entries();
    while (entriesDone < entries.size() && writer.takes(entries.get(entriesDone))) {
      writer.add(entries.get(entriesDone));
      entriesDone++;
    }
    boolean whole = entriesDone == entries.size();
    if (whole) {
      inGroup.add(writes.removeFirst());
      entriesDone = 0;
    }
    return whole;
  }

  private boolean joins(@Nullable Write write) {
    if (write == null || !change(write).isNone()) {
      return false;
    }
    LogEntry first = nextEntry(write);
    return first == null || writer.takes(first);
  }

  private @Nullable LogEntry nextEntry(Write write) {
    List<LogEntry> entries = write.entries();
    return entriesDone < entries.size() ? entries.get(entriesDone) : null;
  }

  private static LogChange change(Write write) {
    SnapshotMeta reset = write.reset();
    if (reset != null) {
      return LogChange.resetTo(reset.lastIncluded());
    }
    return write.cutAt() > 0 ? LogChange.cutAt(write.cutAt()) : LogChange.NONE;
  }
}
