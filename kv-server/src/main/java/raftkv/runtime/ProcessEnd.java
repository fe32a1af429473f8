package raftkv.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How a process ends: in order when it is asked to, at once when it is broken. */
public final class ProcessEnd {
  private ProcessEnd() {}

  /**
   * Ends the process now, without shutdown hooks: what has to be orderly was done before, or must
   * not be tried any more.
   */
  public static void halt(int exitCode) {
    Runtime.getRuntime().halt(exitCode);
  }

  /** Ends the process so after that time, whatever else hangs. */
  public static void haltAfter(long nanos, int exitCode) {
    Thread watchdog = new Thread(() -> sleepThenHalt(nanos, exitCode), "kv-end");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  /** Runs the task on a thread of that name when the process is asked to end (SIGTERM, Ctrl-C). */
  public static void whenAsked(String threadName, Runnable task) {
    Runtime.getRuntime().addShutdownHook(new Thread(task, threadName));
  }

  private static void sleepThenHalt(long nanos, int exitCode) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
    }
    halt(exitCode);
  }
}
