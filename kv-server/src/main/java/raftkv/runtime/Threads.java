package raftkv.runtime;

/** What the threads of this package have in common. */
final class Threads {
  private Threads() {}

  /** Waits for the end of that thread, unless it is the caller's own. An interrupt is kept. */
  static void join(Thread thread) {
    if (Thread.currentThread() == thread) {
      return;
    }
    uninterruptibly(thread::join);
  }

  /** Something that is waited for. */
  @FunctionalInterface
  interface Wait {
    /** Returns once it has happened. */
    void run() throws InterruptedException;
  }

  /** Waits until it has happened. An interrupt is kept. */
  static void uninterruptibly(Wait wait) {
    boolean interrupted = false;
    for (boolean happened = false; !happened; ) {
      try {
        wait.run();
        happened = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
