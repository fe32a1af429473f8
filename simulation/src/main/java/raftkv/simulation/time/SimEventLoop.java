package raftkv.simulation.time;

import raftkv.port.EventLoop;

/** A node's loop, with a clock of its own that runs a little too fast or too slow. */
public final class SimEventLoop implements EventLoop {
  private static final int PARTS = 1_024;

  private final Timeline timeline;
  private final Life life;
  private final SimThread thread;
  private final int drift;
  private int callsToPause;
  private long pauseNanos;

  /**
   * A loop of one run of a process.
   *
   * @param drift by how many 1,024ths the clock runs too fast, from -51 to 51 (5 %)
   */
  public SimEventLoop(Timeline timeline, Life life, int drift) {
    this.timeline = timeline;
    this.life = life;
    this.thread = new SimThread(timeline, life, 5 * Timeline.MICRO);
    this.drift = drift;
  }

  /** The thread behind it. */
  public SimThread thread() {
    return thread;
  }

  @Override
  public long nowNanos() {
    long now = timeline.nowNanos();
    return now + now / PARTS * drift;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Timeline.Event event =
        timeline.after(realNanos(Math.max(0, delayNanos)), () -> thread.execute(task));
    return event::cancel;
  }

  /** How long it really takes until this clock has moved by so much. */
  public long realNanos(long ownNanos) {
    return ownNanos - ownNanos / (PARTS + drift) * drift;
  }

  /** The process stands still after so many more calls to the outside, wherever that is. */
  public void pauseAfter(int calls, long nanos) {
    callsToPause = calls;
    pauseNanos = nanos;
  }

  /** The loop calls something outside: a moment at which it may stand still. */
  public void onOutwardCall() {
    if (callsToPause > 0) {
      callsToPause--;
      if (callsToPause == 0) {
        timeline.spend(pauseNanos);
      }
    }
  }

  /** Whether the process still runs at the clock of the running task. */
  public boolean isAlive() {
    return life.wasOnAt(timeline.nowNanos());
  }
}
