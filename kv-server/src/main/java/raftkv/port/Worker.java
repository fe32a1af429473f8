package raftkv.port;

/**
 * A thread for blocking work: file calls above all. Tasks run one after the other in the order
 * given; in simulation each runs in one go, on the worker's own virtual clock. A worker is never
 * interrupted (an interrupt would close the file channel that it writes to).
 */
public interface Worker {
  /** Queues the task. Callable from any thread. A task that throws ends the process. */
  void execute(Runnable task);
}
