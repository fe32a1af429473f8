package raftkv.port;

/**
 * The one thread on which a node's Raft core, state machine and waiting requests live, with its
 * clock. In production a scheduled executor, in simulation a priority queue over virtual time.
 */
public interface EventLoop {
  /** Monotonic time in nanoseconds, of no particular origin. */
  long nowNanos();

  /** Runs the task on the loop, after those given before. Callable from any thread. */
  void execute(Runnable task);

  /** Runs the task on the loop after the delay. Callable from the loop. */
  Timer schedule(Runnable task, long delayNanos);

  /** A task that waits for its time. */
  interface Timer {
    /** The task will not run any more, unless it has begun. Callable from the loop. */
    void cancel();
  }
}
