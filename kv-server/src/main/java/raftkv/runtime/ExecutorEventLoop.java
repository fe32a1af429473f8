package raftkv.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import raftkv.port.EventLoop;
import raftkv.raft.Check;

/**
 * The event loop on the one thread of a scheduled executor, which may have other work as well: in a
 * node it is the network's. What arrives is then dealt with by the thread that read it, once it has
 * read what there is (docs/adr/0035).
 *
 * <p>A task that throws is told at once, and nothing runs after it: an executor would keep the
 * exception in a future that nobody reads.
 */
public final class ExecutorEventLoop implements EventLoop, AutoCloseable {
  private final ScheduledExecutorService executor;
  private final FatalListener fatalListener;

  // Owned by the executor's thread.
  private Thread thread = Thread.currentThread();
  private boolean ended;

  /** On the thread of that executor, which has to have one and no more. */
  public ExecutorEventLoop(ScheduledExecutorService executor, FatalListener fatalListener) {
    this.executor = executor;
    this.fatalListener = fatalListener;
    executor.execute(() -> thread = Thread.currentThread());
  }

  @Override
  public long nowNanos() {
    return System.nanoTime();
  }

  /** Runs the task on the loop; one that is given after the end never runs. */
  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException afterTheEnd) {
      return;
    }
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Check.that(Thread.currentThread() == thread, "timers are set on the loop");
    Future<?> timer =
        executor.schedule(() -> run(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  private void run(Runnable task) {
    if (ended) {
      return;
    }
    try {
      task.run();
    } catch (Throwable failure) {
      ended = true;
      fatalListener.threadFailed(thread.getName(), failure);
    }
  }

  /**
   * Runs what was given so far and nothing after it, timers included, and waits for that. The
   * thread is the executor's and goes on. Safe to call again, and from any thread but the loop
   * itself.
   */
  @Override
  public void close() {
    CountDownLatch done = new CountDownLatch(1);
    try {
      executor.execute(
          () -> {
            ended = true;
            done.countDown();
          });
    } catch (RejectedExecutionException afterTheEnd) {
      return;
    }
    Threads.uninterruptibly(done::await);
  }

  @Override
  public String toString() {
    return thread.getName();
  }
}
