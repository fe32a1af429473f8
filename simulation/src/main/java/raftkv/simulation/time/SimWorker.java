package raftkv.simulation.time;

import raftkv.port.Worker;

/** A node's thread for blocking work. */
public record SimWorker(SimThread thread) implements Worker {
  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }
}
