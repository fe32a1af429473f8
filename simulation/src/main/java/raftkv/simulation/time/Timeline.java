package raftkv.simulation.time;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Virtual time in nanoseconds, and all that is going to happen, by (time, sequence). */
public final class Timeline {
  /** One microsecond. */
  public static final long MICRO = 1_000L;

  /** One millisecond. */
  public static final long MILLI = 1_000_000L;

  /** One second. */
  public static final long SECOND = 1_000_000_000L;

  private static final int CHILDREN = 4;

  /**
   * A heap with four children a node. Cancelled events stay until their time; as many are put in as
   * taken out, so this is half of what the queue of the library costs.
   */
  private @Nullable Event[] events = new Event[1_024];

  private int size;
  private long baseNanos;
  private long nowNanos;
  private long sequences;

  /** Something that happens at its time, unless it is cancelled before. */
  public static final class Event {
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

    private boolean isBefore(Event other) {
      return atNanos < other.atNanos || (atNanos == other.atNanos && sequence < other.sequence);
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
    add(event);
    return event;
  }

  /** When the next event happens; the end of time if there is none. */
  public long nextNanos() {
    return size == 0 ? Long.MAX_VALUE : eventAt(0).atNanos;
  }

  /** Lets the next event happen. */
  public void runNext() {
    Event event = removeFirst();
    baseNanos = event.atNanos;
    nowNanos = baseNanos;
    Runnable task = event.task;
    if (task != null) {
      event.task = null;
      task.run();
    }
  }

  private Event eventAt(int place) {
    return Objects.requireNonNull(events[place]);
  }

  private void add(Event event) {
    if (size == events.length) {
      events = Arrays.copyOf(events, 2 * size);
    }
    int place = size++;
    while (place > 0) {
      int parent = (place - 1) / CHILDREN;
      Event above = eventAt(parent);
      if (above.isBefore(event)) {
        break;
      }
      events[place] = above;
      place = parent;
    }
    events[place] = event;
  }

  private Event removeFirst() {
    Event first = eventAt(0);
    Event last = eventAt(--size);
    events[size] = null;
    int place = 0;
    int least = leastChild(place);
    while (least < size && eventAt(least).isBefore(last)) {
      events[place] = eventAt(least);
      place = least;
      least = leastChild(place);
    }
    if (size > 0) {
      events[place] = last;
    }
    return first;
  }

  /** Where the child is that happens first; behind the end if there is none. */
  private int leastChild(int parent) {
    int first = CHILDREN * parent + 1;
    int least = first;
    for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
      least = eventAt(child).isBefore(eventAt(least)) ? child : least;
    }
    return least;
  }

  /** Lets time pass without an event, up to the next one at most. */
  public void idleUntil(long atNanos) {
    baseNanos = Math.max(baseNanos, atNanos);
    nowNanos = baseNanos;
  }
}
