package raftkv.runtime;

/** Told when one of our threads ends by an exception: the process has to end (hazard 105). */
@FunctionalInterface
public interface FatalListener {
  /**
   * Called once per thread, on the thread that failed; nothing runs on it afterwards.
   *
   * @param threadName which thread
   * @param failure what it died of
   */
  void threadFailed(String threadName, Throwable failure);
}
