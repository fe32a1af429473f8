package raftkv.simulation.node;

import raftkv.simulation.time.SimEventLoop;
import raftkv.storage.wal.WalTimer;

/** Time for the log, lent by the loop. */
record LoopTime(SimEventLoop loop) implements WalTimer {
  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    loop.execute(() -> loop.schedule(task, delayNanos));
  }
}
