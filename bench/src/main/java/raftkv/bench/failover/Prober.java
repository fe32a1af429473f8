package raftkv.bench.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Begins a write each time its pace says so, whatever becomes of the ones before, on a thread of
 * its own, and keeps when each was answered.
 */
final class Prober implements AutoCloseable {
  private static final int KEYS = 100;
  private static final int STEADY_WRITES = 200;
  private static final long STEADY_NANOS = 40_000_000;
  private static final long MAX_WAITING = 60_000;

  private final Writer writer;
  private final long paceNanos;
  private final Thread thread = new Thread(this::run, "prober");
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();

  /** Guarded by this: writes end on the client's thread. */
  private List<Ack> acks = new ArrayList<>();

  /** Written by whoever closes, read by the prober's thread. */
  private volatile boolean closed;

  private Prober(Writer writer, long paceNanos) {
    this.writer = writer;
    this.paceNanos = paceNanos;
    thread.setDaemon(true);
  }

  static Prober start(Writer writer, long paceNanos) {
    Prober prober = new Prober(writer, paceNanos);
    prober.thread.start();
    return prober;
  }

  private void run() {
    long due = System.nanoTime();
    for (long number = 0; !closed; number++) {
      due += paceNanos;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      if (waiting.get() < MAX_WAITING) {
        write(number, due);
      }
    }
  }

  private void write(long number, long due) {
    waiting.incrementAndGet();
    var unused =
        writer
            .write("probe" + number % KEYS, Long.toString(number))
            .whenComplete((answer, failure) -> ended(due, failure == null));
  }

  private void ended(long due, boolean answered) {
    long now = System.nanoTime();
    waiting.decrementAndGet();
    if (!answered) {
      failed.incrementAndGet();
      return;
    }
    synchronized (this) {
      acks.add(new Ack(due, now));
    }
  }

  /** Forgets what was answered up to now. */
  synchronized void forget() {
    acks = new ArrayList<>();
    failed.set(0);
  }

  synchronized List<Ack> acks() {
    return List.copyOf(acks);
  }

  /** Writes that ended without an answer since {@link #forget}. */
  long failed() {
    return failed.get();
  }

  /** Whether the last writes were all answered fast, and one of them a moment ago. */
  synchronized boolean isSteady() {
    int size = acks.size();
    if (size < STEADY_WRITES || waiting.get() > STEADY_WRITES) {
      return false;
    }
    for (Ack ack : acks.subList(size - STEADY_WRITES, size)) {
      if (ack.doneNanos() - ack.dueNanos() > STEADY_NANOS) {
        return false;
      }
    }
    return System.nanoTime() - acks.get(size - 1).doneNanos() < STEADY_NANOS;
  }

  /**
   * Whether answers come without a pause. Single writes may take long: a client that tries all
   * nodes in turn meets the one that hangs again and again.
   */
  synchronized boolean flows() {
    int size = acks.size();
    if (size < STEADY_WRITES) {
      return false;
    }
    long before = acks.get(size - STEADY_WRITES).doneNanos();
    for (Ack ack : acks.subList(size - STEADY_WRITES, size)) {
      if (ack.doneNanos() - before > STEADY_NANOS) {
        return false;
      }
      before = ack.doneNanos();
    }
    return System.nanoTime() - before < STEADY_NANOS;
  }

  /** Begins no more writes; those under way end without an answer. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    writer.close();
  }
}
