package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import raftkv.port.EventLoop;

/** One queue of events over virtual time: the same calls give the same run. */
final class VirtualTime {
  static final long MILLI = 1_000_000L;

  private record Event(long atNanos, long sequence, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos = 1_000 * MILLI;
  private long sequences;

  long nowNanos() {
    return nowNanos;
  }

  void after(long delayNanos, Runnable task) {
    events.add(new Event(nowNanos + Math.max(0, delayNanos), sequences++, task));
  }

  /** Lets that much time pass. */
  void pass(long nanos) {
    long until = nowNanos + nanos;
    while (!events.isEmpty() && events.peek().atNanos() <= until) {
      next();
    }
    nowNanos = until;
  }

  /** Lets time pass until that holds; false if it does not within the limit. */
  boolean passUntil(BooleanSupplier holds, long limitNanos) {
    long until = nowNanos + limitNanos;
    while (!holds.getAsBoolean()) {
      if (events.isEmpty() || events.peek().atNanos() > until) {
        nowNanos = until;
        return false;
      }
      next();
    }
    return true;
  }

  /** So much time passes while the event that runs stands still. */
  void standStill(long nanos) {
    nowNanos += nanos;
  }

  private void next() {
    Event event = events.remove();
    nowNanos = Math.max(nowNanos, event.atNanos());
    event.task().run();
  }

  /** A loop on this time, for one run of one process. */
  final class Loop implements EventLoop {
    private boolean dead;
    private boolean paused;
    private final ArrayList<Runnable> held = new ArrayList<>();

    @Override
    public long nowNanos() {
      return nowNanos;
    }

    @Override
    public void execute(Runnable task) {
      after(0, () -> run(task));
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
      boolean[] cancelled = new boolean[1];
      after(
          delayNanos,
          () -> {
            if (!cancelled[0]) {
              run(task);
            }
          });
      return () -> cancelled[0] = true;
    }

    private void run(Runnable task) {
      if (paused) {
        held.add(task);
      } else if (!dead) {
        task.run();
      }
    }

    /** The process is killed: nothing of it runs any more. */
    void kill() {
      dead = true;
    }

    /** The process is stopped by a signal; what would have run waits. */
    void pause() {
      paused = true;
    }

    void resume() {
      paused = false;
      List<Runnable> tasks = List.copyOf(held);
      held.clear();
      tasks.forEach(this::execute);
    }
  }
}
