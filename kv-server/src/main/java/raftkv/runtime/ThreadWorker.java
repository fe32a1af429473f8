package raftkv.runtime;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import raftkv.port.Worker;

/**
 * A worker on a thread of its own. Nobody interrupts it, closing included: an interrupt would close
 * the file channel under a write (hazard 84).
 */
public final class ThreadWorker implements Worker, AutoCloseable {
  private static final Runnable END = () -> {};

  private final LinkedTransferQueue<Runnable> tasks = new LinkedTransferQueue<>();
  private final FatalListener fatalListener;
  private final Thread thread;

  private ThreadWorker(String name, FatalListener fatalListener) {
    this.fatalListener = fatalListener;
    this.thread = new Thread(this::run, name);
  }

  /** Starts a worker on a new thread with that name. */
  public static ThreadWorker start(String name, FatalListener fatalListener) {
    ThreadWorker worker = new ThreadWorker(name, fatalListener);
    worker.thread.setDaemon(true);
    worker.thread.start();
    return worker;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Ends after the tasks given so far, and waits for that. Safe to call again. */
  @Override
  public void close() {
    tasks.add(END);
    Threads.join(thread);
  }

  private void run() {
    try {
      for (Runnable task = take(); task != END; task = take()) {
        task.run();
      }
    } catch (Throwable failure) {
      fatalListener.threadFailed(thread.getName(), failure);
    }
  }

  /** The next task; an interrupt from outside is dropped, since the next write would suffer it. */
  private Runnable take() {
    while (true) {
      try {
        Runnable task = tasks.poll(1, TimeUnit.HOURS);
        if (task != null) {
          Thread.interrupted();
          return task;
        }
      } catch (InterruptedException dropped) {
        // Not kept for the task, whose file it would close; and the queue is still to be served.
      }
    }
  }

  @Override
  public String toString() {
    return thread.getName();
  }
}
