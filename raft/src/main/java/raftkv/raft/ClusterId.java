package raftkv.raft;

import java.util.random.RandomGenerator;

/**
 * The identity of a cluster: 128 random bits, drawn by its first leader and agreed by its first
 * entry ({@link Settings}); nobody types it in.
 */
public record ClusterId(long high, long low) {
  /** Draws a new id. */
  public static ClusterId draw(RandomGenerator random) {
    return new ClusterId(random.nextLong(), random.nextLong() | 1);
  }

  @Override
  public String toString() {
    return Hex.of(high) + Hex.of(low);
  }
}
