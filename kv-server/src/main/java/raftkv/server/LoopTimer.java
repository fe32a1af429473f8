package raftkv.server;

import raftkv.port.EventLoop;
import raftkv.storage.wal.WalTimer;

/** Time for the log, lent by the loop. */
record LoopTimer(EventLoop loop) implements WalTimer {
  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    loop.execute(() -> loop.schedule(task, delayNanos));
  }
}
