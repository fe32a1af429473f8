package raftkv.simulation.client;

/**
 * How one client behaves.
 *
 * @param style what sessions it has
 * @param maxOpen requests under way at a time
 * @param thinkNanos about how long it waits between two requests
 * @param timeoutNanos how long a request may take
 * @param keys how many keys are in use at a time
 * @param epochNanos how long the same keys are in use
 * @param valueBytes length of values, at least
 * @param copiesRate how many of 1,000 writes are sent to several nodes at once
 * @param zombieRate after how many of 1,000 operations an old request is sent again
 */
public record ClientHabits(
    Style style,
    int maxOpen,
    long thinkNanos,
    long timeoutNanos,
    int keys,
    long epochNanos,
    int valueBytes,
    int copiesRate,
    int zombieRate) {
  /** Kinds of sessions. */
  public enum Style {
    /** What the client library does. */
    WINDOWED,
    /** One request at a time, without {@code ack_seq}. */
    SIMPLE,
    /** No identity: a write is sent once. */
    NAMELESS
  }
}
