package raftkv.node;

import raftkv.raft.Check;

/**
 * When a node writes a snapshot, and when it takes no writes for want of one: numbers of
 * decisions.md §3, bounded by the heap (ADR 37, 38). Sizes in bytes, times in nanoseconds. Log
 * bytes are those of entries; their files take more, which has bounds of its own.
 *
 * @param minLogBytes a snapshot is due when the log behind the last one exceeds half of that one,
 *     but not below this
 * @param maxLogBytes nor above this
 * @param overloadLogBytes above this, writes are refused until a snapshot is there
 * @param minFileBytes the log's files make a snapshot due at four times what its entries would, but
 *     not below this
 * @param heapBytes what state, log, and the entries that a snapshot under way still holds have to
 *     fit in
 * @param interval snapshots are taken at multiples of this index, where every replica tells its
 *     state hash; sooner or later at any other
 * @param confirmNanos how long a captured state waits for a majority that has the same
 * @param retryNanos pause before the next attempt, when one has failed
 */
public record SnapshotPolicy(
    long minLogBytes,
    long maxLogBytes,
    long overloadLogBytes,
    long minFileBytes,
    long heapBytes,
    long interval,
    long confirmNanos,
    long retryNanos) {
  private static final long SECOND = 1_000_000_000L;

  /**
   * What a byte of the log may take in its files: more than it does while writes come one behind
   * the other, so that full speed is not slowed down by this; much less than when they come now and
   * then, each with an idle marker.
   */
  private static final long FILE_FACTOR = 4;

  /** The defaults of the documentation. */
  public static final SnapshotPolicy DEFAULT =
      new SnapshotPolicy(
          64L << 20, 256L << 20, 512L << 20, 512L << 20, Long.MAX_VALUE, 1_024, 2 * SECOND, SECOND);

  /** Checks the ranges. */
  public SnapshotPolicy {
    Check.that(0 < minLogBytes && minLogBytes <= maxLogBytes, "log sizes are a range");
    Check.that(maxLogBytes <= overloadLogBytes, "a snapshot is due before writes are refused");
    Check.that(interval > 0 && confirmNanos > 0 && retryNanos > 0, "intervals are positive");
  }

  /**
   * The same for a heap of that size: the log lies in memory, beside the state, and takes no more
   * than a quarter of it. Members of the highest rank still have their snapshot due before that.
   */
  public SnapshotPolicy withinHeap(long heapBytes) {
    long overload = Math.min(overloadLogBytes, heapBytes / 4);
    long max = Math.min(maxLogBytes, overload / 2);
    return new SnapshotPolicy(
        Math.min(minLogBytes, max),
        max,
        overload,
        minFileBytes,
        heapBytes,
        interval,
        confirmNanos,
        retryNanos);
  }

  /** The same, with a snapshot due behind so much log whatever the size of the last one. */
  public SnapshotPolicy withLogBytes(long bytes) {
    return new SnapshotPolicy(
        bytes,
        bytes,
        Math.max(2 * bytes, overloadLogBytes),
        minFileBytes,
        heapBytes,
        interval,
        confirmNanos,
        retryNanos);
  }

  /**
   * How much log makes a snapshot due.
   *
   * @param lastBytes size of the last one, 0 if there is none
   * @param rank members take turns: those of a higher rank wait for more
   * @param stateBytes what the state takes of the heap
   */
  long dueBytes(long lastBytes, int rank, long stateBytes) {
    long wanted = Math.max(minLogBytes, Math.min(lastBytes / 2, maxLogBytes));
    long bytes = Math.min(wanted, overloadBytes(stateBytes) / 2);
    return bytes + rank * (bytes / 8);
  }

  /**
   * How much log makes one due at any index, where it is not the next multiple of the interval: at
   * the latest when writes wait for it.
   */
  long lateBytes(long lastBytes, int rank, long stateBytes) {
    return Math.min(dueBytes(lastBytes, rank, stateBytes) / 4 * 5, overloadBytes(stateBytes));
  }

  /** How many bytes of files behind the last snapshot make one due; parameters as above. */
  long dueFileBytes(long lastBytes, int rank, long stateBytes) {
    long bytes = Math.max(minFileBytes, FILE_FACTOR * dueBytes(lastBytes, 0, stateBytes));
    return bytes + rank * (bytes / 8);
  }

  /** How many bytes of files are kept in front of a snapshot, if so many of entries are. */
  static long keptFileBytes(long retainedLogBytes) {
    return Math.min(retainedLogBytes, Long.MAX_VALUE / FILE_FACTOR) * FILE_FACTOR;
  }

  /**
   * Above so much log, writes are refused until a snapshot is there. While one is written, the
   * entries that have changed since stay on the heap too: at most as much again as the log.
   */
  long overloadBytes(long stateBytes) {
    long room = (heapBytes / 4 * 3 - stateBytes) / 2;
    return Math.min(overloadLogBytes, Math.max(room, leastLogBytes()));
  }

  /** Whether only what makes the state smaller is taken: no snapshot would help. */
  boolean isFull(long stateBytes) {
    return stateBytes > heapBytes / 4 * 3 - 2 * leastLogBytes();
  }

  private long leastLogBytes() {
    return heapBytes / 16;
  }
}
