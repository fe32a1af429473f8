package raftkv.node;

/**
 * A read of this node's state machine.
 *
 * @param deadlineNanos when to answer at the latest ({@link RequestDeadline}), in the loop's time
 */
public record ReadRequest(Consistency consistency, long deadlineNanos) {
  /** How fresh the state has to be. */
  public sealed interface Consistency {}

  /** Contains every write that was acknowledged before the read came in. */
  public record Linearizable() implements Consistency {}

  /**
   * What this node has.
   *
   * @param minIndex wait until this index is applied; 0: do not wait
   * @param maxStalenessNanos refuse if the state may be older than this; 0: any age
   */
  public record Stale(long minIndex, long maxStalenessNanos) implements Consistency {}
}
