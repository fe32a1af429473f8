package raftkv.port;

import raftkv.raft.Write;

/**
 * The node's durable log: hard state and entries in one stream. Opening and recovering is the
 * adapter's own matter and yields a {@code DurableState}; from then on the store only appends.
 */
public interface LogStore extends AutoCloseable {

  /**
   * Queues a write; {@link Listener#persisted} follows when it and all before it are forced. Called
   * from the loop, never blocks.
   */
  void append(Write write);

  /**
   * A snapshot that is durable covers the log up to that index: whatever holds nothing else may go,
   * some time, behind all writes queued before this. Called from the loop, never blocks. What goes
   * is a matter of the store's own; the log that a start finds then begins behind some index at or
   * below this one.
   */
  void compact(long throughIndex);

  /** The files that hold the log, as they were a moment ago. Callable from the loop. */
  LogFiles files();

  /** Bytes queued or being written, not yet forced. Callable from the loop. */
  long unwrittenBytes();

  /**
   * What there would be room for behind all that is unwritten and so many bytes more. Asked before
   * a proposal: afterwards only its true outcome may be told. Callable from the loop.
   */
  LogRoom room(long moreBytes);

  /**
   * Writes and forces a marker behind the last batch, closes the files and releases the directory
   * lock last; blocks until done. Called once, after the loop has stopped appending.
   */
  @Override
  void close();

  /** Where completions go; called on the store's own thread. */
  interface Listener {
    /** The write with that ticket and all before it are durable. */
    void persisted(long ticket);

    /** A write or force failed: the node ends (no retry, hazard 76). Called at most once. */
    void failed(StorageFailure failure);
  }
}
