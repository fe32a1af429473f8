package raftkv.runtime;

/** What the threads of this package have in common. */
final class Threads {
  private Threads() {}

  /** Waits for the end of that thread, unless it is the caller's own. An interrupt is kept. */
  static void join(Thread thread) {
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
