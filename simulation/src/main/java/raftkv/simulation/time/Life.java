package raftkv.simulation.time;

/** One run of a simulated process, from its start to its end. */
public final class Life {
  private final Timeline timeline;
  private long endNanos = Long.MAX_VALUE;

  /** A life that has begun. */
  public Life(Timeline timeline) {
    this.timeline = timeline;
  }

  /** It ends with the present event; a task that has run ahead is cut off there. */
  public void end() {
    endNanos = Math.min(endNanos, timeline.baseNanos());
  }

  /** Whether it has not ended. */
  public boolean isOn() {
    return endNanos == Long.MAX_VALUE;
  }

  /** Whether it had not ended at that time. */
  public boolean wasOnAt(long nanos) {
    return nanos < endNanos;
  }
}
