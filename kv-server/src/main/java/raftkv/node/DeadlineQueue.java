package raftkv.node;

import java.util.Arrays;
import raftkv.raft.Check;

/**
 * Everything of one node that waits for a time, in one binary heap, so that thousands of waiting
 * requests cost one timer of the loop. Equal times run in the order given. Owned by the loop.
 */
final class DeadlineQueue {
  private Deadline[] heap = new Deadline[64];
  private int size;
  private long sequences;

  /** One thing that waits. */
  static final class Deadline {
    private static final int NOWHERE = -1;

    private final Runnable task;
    private final long sequence;
    private long nanos;
    private int place = NOWHERE;

    private Deadline(long nanos, long sequence, Runnable task) {
      this.nanos = nanos;
      this.sequence = sequence;
      this.task = task;
    }

    long nanos() {
      return nanos;
    }

    private boolean isBefore(Deadline other) {
      return nanos < other.nanos || (nanos == other.nanos && sequence < other.sequence);
    }
  }

  /** Runs the task at that time, unless it is cancelled. */
  Deadline at(long nanos, Runnable task) {
    Deadline deadline = new Deadline(nanos, sequences++, task);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    put(deadline, size++);
    up(deadline.place);
    return deadline;
  }

  /** Forgets it; nothing happens if it has run. */
  void cancel(Deadline deadline) {
    int hole = deadline.place;
    if (hole == Deadline.NOWHERE) {
      return;
    }
    deadline.place = Deadline.NOWHERE;
    Deadline last = heap[--size];
    heap[size] = null;
    if (last != deadline) {
      put(last, hole);
      up(hole);
      down(last.place);
    }
  }

  /** Brings it forward to that time; later than now it never gets. */
  void bringForward(Deadline deadline, long nanos) {
    if (deadline.place != Deadline.NOWHERE && nanos < deadline.nanos) {
      deadline.nanos = nanos;
      up(deadline.place);
    }
  }

  /** When the next one is due; {@code Long.MAX_VALUE} if none waits. */
  long nextNanos() {
    return size == 0 ? Long.MAX_VALUE : heap[0].nanos;
  }

  /** Runs what is due; what it adds for now or earlier runs too. */
  void expire(long nowNanos) {
    while (size > 0 && heap[0].nanos <= nowNanos) {
      Deadline due = heap[0];
      cancel(due);
      due.task.run();
    }
  }

  int size() {
    return size;
  }

  private void put(Deadline deadline, int place) {
    heap[place] = deadline;
    deadline.place = place;
  }

  private void up(int from) {
    Deadline moving = heap[from];
    int place = from;
    while (place > 0 && moving.isBefore(heap[(place - 1) / 2])) {
      put(heap[(place - 1) / 2], place);
      place = (place - 1) / 2;
    }
    put(moving, place);
  }

  private void down(int from) {
    Deadline moving = heap[from];
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(moving)) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(moving, place);
    Check.that(place < size, "the heap holds what was moved");
  }
}
