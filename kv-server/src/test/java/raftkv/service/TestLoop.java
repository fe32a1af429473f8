package raftkv.service;

import java.util.ArrayDeque;
import raftkv.port.EventLoop;

/** Runs what it is given at once, behind what it is already running; holds it back when told to. */
final class TestLoop implements EventLoop {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;
  private boolean held;

  @Override
  public long nowNanos() {
    return ScriptedRequests.NOW;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    drain();
  }

  void hold() {
    held = true;
  }

  void release() {
    held = false;
    drain();
  }

  private void drain() {
    if (running || held) {
      return;
    }
    running = true;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    running = false;
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    throw new IllegalStateException("nothing here waits");
  }
}
