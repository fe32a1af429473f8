package raftkv.storage.wal;

import java.util.ArrayDeque;
import raftkv.raft.Write;

/**
 * Writes on their way from the loop to the disk worker. Both threads use it, under its lock; the
 * count of bytes also covers what the disk worker has taken and not yet forced.
 */
final class WriteQueue {
  private final ArrayDeque<Write> writes = new ArrayDeque<>();

  /** Changed under the lock; asked for several times a request, without it. */
  private volatile long unwrittenBytes;

  private boolean drainScheduled;

  /**
   * Adds a write, from the loop.
   *
   * @return whether the disk worker must be told
   */
  synchronized boolean add(Write write) {
    writes.add(write);
    unwrittenBytes += sizeBytes(write);
    boolean tell = !drainScheduled;
    drainScheduled = true;
    return tell;
  }

  /** Moves all writes to the end of the target, from the disk worker. */
  synchronized void moveTo(ArrayDeque<Write> target) {
    target.addAll(writes);
    writes.clear();
    drainScheduled = false;
  }

  /** That write is forced, from the disk worker. */
  synchronized void forced(Write write) {
    unwrittenBytes -= sizeBytes(write);
  }

  long unwrittenBytes() {
    return unwrittenBytes;
  }

  private static long sizeBytes(Write write) {
    long bytes = RecordHeader.SIZE_BYTES;
    for (int i = 0; i < write.entries().size(); i++) {
      bytes += write.entries().get(i).sizeBytes();
    }
    return bytes;
  }
}
