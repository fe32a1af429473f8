package raftkv.runtime;

import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.raft.Check;

/**
 * The event loop on a thread of its own: tasks in the order given, timers by their time, then by
 * the order in which they were set.
 *
 * <p>A scheduled executor was left out on purpose: it would keep a task's exception in a future
 * that nobody reads, and take a lock for each task.
 */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<ThreadTimer> timers = new PriorityQueue<>();
  private final FatalListener fatalListener;
  private final Thread thread;

  /** Written by the loop, read by whoever gives a task: whether the loop has to be woken. */
  private volatile boolean parked;

  /** Written by whoever closes, read by the loop. */
  private volatile boolean closing;

  private long timersSet;

  private ThreadEventLoop(String name, FatalListener fatalListener) {
    this.fatalListener = fatalListener;
    this.thread = new Thread(this::run, name);
  }

  /** Starts a loop on a new thread with that name. */
  public static ThreadEventLoop start(String name, FatalListener fatalListener) {
    ThreadEventLoop loop = new ThreadEventLoop(name, fatalListener);
    loop.thread.start();
    return loop;
  }

  @Override
  public long nowNanos() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Check.that(Thread.currentThread() == thread, "timers are set on the loop");
    ThreadTimer timer = new ThreadTimer(task, nowNanos() + Math.max(0, delayNanos), timersSet++);
    timers.add(timer);
    return timer;
  }

  /**
   * Runs what was given so far, drops the timers, ends the thread and waits for it. Safe to call
   * again, and from any thread but the loop itself.
   */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    Threads.join(thread);
  }

  private void run() {
    try {
      while (runDue()) {
        parkUntilNext();
      }
    } catch (Throwable failure) {
      fatalListener.threadFailed(thread.getName(), failure);
    }
  }

  /** One round: the tasks that are there, then the timers that are due. False at the end. */
  private boolean runDue() {
    boolean last = closing;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      runTimers();
    }
    runTimers();
    return !last;
  }

  private void runTimers() {
    if (timers.isEmpty()) {
      return;
    }
    long now = nowNanos();
    for (ThreadTimer timer = timers.peek();
        timer != null && timer.dueNanos - now <= 0;
        timer = timers.peek()) {
      timers.remove();
      timer.fire();
    }
  }

  private void parkUntilNext() {
    parked = true;
    // Looked at again after the flag is up: a task given before that did not wake anybody.
    if (tasks.isEmpty() && !closing) {
      ThreadTimer next = timers.peek();
      if (next == null) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, Math.max(1, next.dueNanos - nowNanos()));
      }
    }
    parked = false;
  }

  @Override
  public String toString() {
    return thread.getName();
  }

  /** Owned by the loop. */
  private final class ThreadTimer implements Timer, Comparable<ThreadTimer> {
    private final long dueNanos;
    private final long order;
    private @Nullable Runnable task;

    ThreadTimer(Runnable task, long dueNanos, long order) {
      this.task = task;
      this.dueNanos = dueNanos;
      this.order = order;
    }

    @Override
    public void cancel() {
      if (task != null) {
        task = null;
        timers.remove(this);
      }
    }

    void fire() {
      Runnable due = task;
      task = null;
      if (due != null) {
        due.run();
      }
    }

    @Override
    public int compareTo(ThreadTimer other) {
      long difference = dueNanos - other.dueNanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
    }

    @Override
    public String toString() {
      return "due in " + TimeUnit.NANOSECONDS.toMillis(dueNanos - nowNanos()) + " ms";
    }
  }
}
