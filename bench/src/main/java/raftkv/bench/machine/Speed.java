package raftkv.bench.machine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast the machine's processors are while something else is measured on them. What a virtual
 * machine gets from its host changes from minute to minute, by a factor of two and more, where the
 * host is shared, and nothing that is counted inside says so: stolen time stays zero. What does say
 * so is the processor time that one and the same piece of work takes. A thread of its own does such
 * a piece, of about a millisecond, five times a second, until it is closed.
 *
 * <p>Begin and end from any thread.
 */
public final class Speed implements AutoCloseable {
  private static final long GAP_NANOS = 200_000_000L;
  private static final int STEPS = 200_000;
  private static final double NANOS_PER_MICRO = 1_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final Thread thread = new Thread(this::run, "speed");
  private volatile boolean closed;

  /** So that the work cannot be left out. */
  private long result;

  private Speed() {
    thread.setDaemon(true);
  }

  /** Begins to watch. */
  public static Speed watch() {
    Speed speed = new Speed();
    speed.thread.start();
    return speed;
  }

  /** Forgets what was seen so far, such as pieces that were not compiled yet. */
  public void forget() {
    steps.set(0);
    nanos.set(0);
  }

  /** Steps of the work for each microsecond of processor time; 0 as long as none was done. */
  public double perMicro() {
    long spent = nanos.get();
    return spent == 0 ? 0 : steps.get() * NANOS_PER_MICRO / spent;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      long begun = threads.getCurrentThreadCpuTime();
      result += piece(result);
      nanos.addAndGet(threads.getCurrentThreadCpuTime() - begun);
      steps.addAndGet(STEPS);
      LockSupport.parkNanos(GAP_NANOS);
    }
  }

  /** Four chains of xorshift side by side, as code that is well compiled keeps a core busy. */
  private static long piece(long seed) {
    long a = seed | 1;
    long b = seed | 2;
    long c = seed | 4;
    long d = seed | 8;
    for (int step = 0; step < STEPS; step++) {
      a ^= a << 13;
      b ^= b << 13;
      c ^= c << 13;
      d ^= d << 13;
      a ^= a >>> 7;
      b ^= b >>> 7;
      c ^= c >>> 7;
      d ^= d >>> 7;
      a ^= a << 17;
      b ^= b << 17;
      c ^= c << 17;
      d ^= d << 17;
    }
    return a ^ b ^ c ^ d;
  }
}
