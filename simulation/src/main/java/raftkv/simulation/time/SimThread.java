package raftkv.simulation.time;

import java.util.ArrayDeque;

/** One thread of a simulated process: runs tasks one after the other, each on its own clock. */
public final class SimThread {
  private final Timeline timeline;
  private final Life life;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final long costNanos;
  private long busyUntilNanos;
  private boolean runScheduled;
  private boolean hangs;

  /**
   * A thread that waits.
   *
   * @param costNanos time that each task takes besides what its calls take
   */
  public SimThread(Timeline timeline, Life life, long costNanos) {
    this.timeline = timeline;
    this.life = life;
    this.costNanos = costNanos;
  }

  /** Queues a task at the time of whoever gives it. */
  public void execute(Runnable task) {
    if (timeline.isAhead()) {
      timeline.after(0, () -> arrive(task));
    } else {
      arrive(task);
    }
  }

  private void arrive(Runnable task) {
    if (life.isOn()) {
      tasks.add(task);
      scheduleRun();
    }
  }

  /** Does nothing for so long: what comes meanwhile waits. Whatever it has begun is done. */
  public void pause(long nanos) {
    busyUntilNanos = Math.max(busyUntilNanos, timeline.baseNanos()) + nanos;
  }

  /** Whether a call of it never came back. */
  public boolean isHung() {
    return hangs;
  }

  private void scheduleRun() {
    if (!runScheduled && !hangs && !tasks.isEmpty()) {
      runScheduled = true;
      timeline.at(Math.max(timeline.baseNanos(), busyUntilNanos), this::run);
    }
  }

  private void run() {
    runScheduled = false;
    if (!life.isOn()) {
      return;
    }
    if (busyUntilNanos > timeline.baseNanos()) {
      scheduleRun();
      return;
    }
    try {
      tasks.remove().run();
    } catch (HungCall hung) {
      hangs = true;
    }
    timeline.spend(costNanos);
    busyUntilNanos = Math.max(busyUntilNanos, timeline.nowNanos());
    scheduleRun();
  }
}
