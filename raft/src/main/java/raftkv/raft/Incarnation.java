package raftkv.raft;

import java.util.random.RandomGenerator;

/**
 * The identity of a node's data: 128 random bits, drawn with the first durable record and drawn
 * anew whenever promised bytes were lost that could not be restored (safety rule 5.1).
 */
public record Incarnation(long high, long low) {
  /** No incarnation yet: what a blank disk has. Never sent. */
  public static final Incarnation NONE = new Incarnation(0, 0);

  /** Draws a new incarnation, never {@link #NONE}. */
  public static Incarnation draw(RandomGenerator random) {
    return new Incarnation(random.nextLong(), random.nextLong() | 1);
  }

  /** Whether this stands for "none yet". */
  public boolean isNone() {
    return equals(NONE);
  }

  @Override
  public String toString() {
    return Hex.of(high) + Hex.of(low);
  }
}
