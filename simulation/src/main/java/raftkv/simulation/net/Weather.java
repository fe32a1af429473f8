package raftkv.simulation.net;

import java.util.random.RandomGenerator;
import raftkv.raft.Xoshiro256;
import raftkv.simulation.time.Timeline;

/** How the network behaves, the same for all links. Rates are out of 1,000,000. */
public final class Weather {
  private static final int WHOLE = 1_000_000;

  private final RandomGenerator random;
  private long minLatencyNanos = 100 * Timeline.MICRO;
  private long maxLatencyNanos = 500 * Timeline.MICRO;
  private int lossRate;
  private int duplicateRate;
  private int reorderRate;

  /** Calm. */
  public Weather(RandomGenerator random) {
    this.random = random;
  }

  /** How long messages travel. */
  public void latency(long minNanos, long maxNanos) {
    minLatencyNanos = minNanos;
    maxLatencyNanos = maxNanos;
  }

  /** How many messages are lost, come twice, or come late and behind others. */
  public void rates(int loss, int duplicate, int reorder) {
    lossRate = loss;
    duplicateRate = duplicate;
    reorderRate = reorder;
  }

  /** Nothing bad happens any more. */
  public void calmDown() {
    rates(0, 0, 0);
    latency(100 * Timeline.MICRO, 500 * Timeline.MICRO);
  }

  long latencyNanos() {
    return Xoshiro256.between(random, minLatencyNanos, maxLatencyNanos);
  }

  /** How late a message is that is overtaken. */
  long delayNanos() {
    return Xoshiro256.between(random, maxLatencyNanos, 40 * maxLatencyNanos);
  }

  long between(long fromNanos, long toNanos) {
    return Xoshiro256.between(random, fromNanos, toNanos);
  }

  boolean loses() {
    return happens(lossRate);
  }

  boolean duplicates() {
    return happens(duplicateRate);
  }

  boolean reorders() {
    return happens(reorderRate);
  }

  private boolean happens(int rate) {
    return rate > 0 && Long.remainderUnsigned(random.nextLong(), WHOLE) < rate;
  }
}
