package raftkv.simulation.time;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Virtual time in nanoseconds, and all that is going to happen, by (time, sequence). */
public final class Timeline {
  /** One microsecond. */
  public static final long MICRO = 1_000L;

  /** One millisecond. */
  public static final long MILLI = 1_000_000L;

  /** One second. */
  public static final long SECOND = 1_000_000_000L;

  private final PriorityQueue<Event> events = new PriorityQueue<>(256);
  private long baseNanos;
  private long nowNanos;
  private long sequences;

  /** Something that happens at its time, unless it is cancelled before. */
  public static final class Event implements Comparable<Event> {
    private final long atNanos;
    private final long sequence;
    private @Nullable Runnable task;

    private Event(long atNanos, long sequence, Runnable task) {
      this.atNanos = atNanos;
      this.sequence = sequence;
      this.task = task;
    }

    /** It does not happen any more, unless it has. */
    public void cancel() {
      task = null;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /** The clock of the task that is running: at or behind {@link #baseNanos}. */
  public long nowNanos() {
    return nowNanos;
  }

  /** When the event that is running began. Nothing can happen before it any more. */
  public long baseNanos() {
    return baseNanos;
  }

  /** The running task takes so much time. */
  public void spend(long nanos) {
    nowNanos += nanos;
  }

  /** Whether the running task has taken time: whoever else acts now is in its past. */
  public boolean isAhead() {
    return nowNanos > baseNanos;
  }

  /** Has something happen so much later than {@link #nowNanos}. */
  public Event after(long delayNanos, Runnable task) {
    return at(nowNanos + Math.max(0, delayNanos), task);
  }

  /** Has something happen at that time, which is not over. */
  public Event at(long atNanos, Runnable task) {
    Event event = new Event(Math.max(atNanos, baseNanos), sequences++, task);
    events.add(event);
    return event;
  }

  /** When the next event happens; the end of time if there is none. */
  public long nextNanos() {
    Event next = events.peek();
    return next == null ? Long.MAX_VALUE : next.atNanos;
  }

  /** Lets the next event happen. */
  public void runNext() {
    Event event = events.remove();
    baseNanos = event.atNanos;
    nowNanos = baseNanos;
    Runnable task = event.task;
    if (task != null) {
      event.task = null;
      task.run();
    }
  }

  /** Lets time pass without an event, up to the next one at most. */
  public void idleUntil(long atNanos) {
    baseNanos = Math.max(baseNanos, atNanos);
    nowNanos = baseNanos;
  }
}
