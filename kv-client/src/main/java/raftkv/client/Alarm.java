package raftkv.client;

import java.util.function.LongUnaryOperator;

/**
 * One timer for all requests of a client: armed for the earliest time that anybody named, and asked
 * anew when it fires. A timer per request would cost more than the request: nearly all of them end
 * long before they are due. Owned by the loop.
 */
final class Alarm {
  /** Nothing is due. */
  static final long NEVER = Long.MAX_VALUE;

  private final ClientLoop loop;
  private final LongUnaryOperator ring;
  private Runnable cancel = () -> {};
  private long dueNanos;
  private boolean armed;

  /**
   * An alarm that is not set.
   *
   * @param ring does what is due at a time, and says how long from then until it is to be called
   *     again, or {@link #NEVER}
   */
  Alarm(ClientLoop loop, LongUnaryOperator ring) {
    this.loop = loop;
    this.ring = ring;
  }

  /** Rings at that time or before. */
  void notLaterThan(long nanos) {
    if (armed && nanos - dueNanos >= 0) {
      return;
    }
    cancel.run();
    armed = true;
    dueNanos = nanos;
    cancel = loop.schedule(this::onTimer, nanos - loop.nowNanos());
  }

  private void onTimer() {
    armed = false;
    long now = loop.nowNanos();
    long pause = ring.applyAsLong(now);
    if (pause != NEVER) {
      notLaterThan(now + pause);
    }
  }
}
