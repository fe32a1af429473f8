package raftkv.storage.wal;

/**
 * Time for the log, which starts no thread and reads no clock of its own. Both methods are callable
 * from the disk worker and the file worker.
 */
public interface WalTimer {
  /** Monotonic time in nanoseconds, of no particular origin. */
  long nowNanos();

  /** Runs the task once after the delay, on any thread; the task returns at once. */
  void schedule(Runnable task, long delayNanos);
}
