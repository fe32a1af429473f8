package raftkv.storage.wal;

import java.util.concurrent.ConcurrentLinkedDeque;
import raftkv.port.Worker;

/**
 * A worker on the test's own thread, given tasks from any: runs a task when it is told to, or as
 * soon as it is given, but never one inside another.
 */
public final class TaskQueue implements Worker {
  private final ConcurrentLinkedDeque<Runnable> tasks = new ConcurrentLinkedDeque<>();
  private boolean atOnce;
  private boolean running;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (atOnce) {
      runAll();
    }
  }

  /** Runs the task that waits longest, if one waits. */
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** From now on nothing waits, as {@code close} needs it on one thread. */
  public void runAtOnce() {
    atOnce = true;
    runAll();
  }

  private void runAll() {
    if (!running) {
      running = true;
      while (!tasks.isEmpty()) {
        runOne();
      }
      running = false;
    }
  }
}
