package raftkv.node;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Check;

/**
 * Everything of one node that waits for a time, so that thousands of waiting requests cost one
 * timer of the loop. Equal times run in the order given. Owned by the loop.
 *
 * <p>Most requests are given as much time as the one before: what is due behind everything in the
 * row goes to its end, and leaves it without a search. The rest is in a binary heap.
 */
final class DeadlineQueue {
  private @Nullable Deadline first;
  private @Nullable Deadline last;
  private int rowSize;

  private Deadline[] heap = new Deadline[64];
  private int heapSize;
  private long sequences;

  /** One thing that waits. */
  static final class Deadline {
    private static final int NOWHERE = -1;
    private static final int IN_ROW = -2;

    private final long nanos;
    private final long sequence;
    private final Runnable task;

    /** In the heap, or one of the constants. */
    private int place = NOWHERE;

    /** Neighbours in the row. */
    private @Nullable Deadline before;

    private @Nullable Deadline behind;

    private Deadline(long nanos, long sequence, Runnable task) {
      this.nanos = nanos;
      this.sequence = sequence;
      this.task = task;
    }

    private boolean isBefore(Deadline other) {
      return nanos < other.nanos || (nanos == other.nanos && sequence < other.sequence);
    }
  }

  /** Runs the task at that time, unless it is cancelled. */
  Deadline at(long nanos, Runnable task) {
    Deadline deadline = new Deadline(nanos, sequences++, task);
    if (last == null || last.nanos <= nanos) {
      joinRow(deadline);
    } else {
      joinHeap(deadline);
    }
    return deadline;
  }

  /** Forgets it; nothing happens if it has run. */
  void cancel(Deadline deadline) {
    if (deadline.place == Deadline.IN_ROW) {
      leaveRow(deadline);
    } else if (deadline.place != Deadline.NOWHERE) {
      leaveHeap(deadline);
    }
  }

  /** When the next one is due; {@code Long.MAX_VALUE} if none waits. */
  long nextNanos() {
    Deadline next = next();
    return next == null ? Long.MAX_VALUE : next.nanos;
  }

  /** Runs what is due; what it adds for now or earlier runs too. */
  void expire(long nowNanos) {
    for (Deadline due = next(); due != null && due.nanos <= nowNanos; due = next()) {
      cancel(due);
      due.task.run();
    }
  }

  int size() {
    return rowSize + heapSize;
  }

  private @Nullable Deadline next() {
    Deadline inRow = first;
    Deadline inHeap = heapSize == 0 ? null : heap[0];
    if (inRow == null || inHeap == null) {
      return inRow == null ? inHeap : inRow;
    }
    return inHeap.isBefore(inRow) ? inHeap : inRow;
  }

  private void joinRow(Deadline deadline) {
    Deadline end = last;
    if (end == null) {
      first = deadline;
    } else {
      end.behind = deadline;
    }
    deadline.before = end;
    deadline.place = Deadline.IN_ROW;
    last = deadline;
    rowSize++;
  }

  private void leaveRow(Deadline deadline) {
    Deadline before = deadline.before;
    Deadline behind = deadline.behind;
    if (before == null) {
      first = behind;
    } else {
      before.behind = behind;
    }
    if (behind == null) {
      last = before;
    } else {
      behind.before = before;
    }
    deadline.before = null;
    deadline.behind = null;
    deadline.place = Deadline.NOWHERE;
    rowSize--;
  }

  private void joinHeap(Deadline deadline) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize * 2);
    }
    put(deadline, heapSize++);
    up(deadline.place);
  }

  private void leaveHeap(Deadline deadline) {
    int hole = deadline.place;
    deadline.place = Deadline.NOWHERE;
    Deadline end = heap[--heapSize];
    heap[heapSize] = null;
    if (end != deadline) {
      put(end, hole);
      up(hole);
      down(end.place);
    }
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
    while (2 * place + 1 < heapSize) {
      int child = 2 * place + 1;
      if (child + 1 < heapSize && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(moving)) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(moving, place);
    Check.that(place < heapSize, "the heap holds what was moved");
  }
}
