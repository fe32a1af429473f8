package raftkv.client;

/**
 * How fresh a read has to be.
 *
 * @param consistency which promise
 * @param minIndex stale reads: wait until the node has applied this index
 * @param maxStalenessMillis stale reads: refuse what may be older; 0 for any age
 */
public record ReadMode(Consistency consistency, long minIndex, long maxStalenessMillis) {
  /** Sees every write that was acknowledged before the read began. */
  public static final ReadMode LINEARIZABLE = new ReadMode(Consistency.LINEARIZABLE, 0, 0);

  /** The state of whatever node is asked, at once. */
  public static final ReadMode STALE = new ReadMode(Consistency.STALE, 0, 0);

  /** The promise. */
  public enum Consistency {
    /** Of the cluster as a whole. */
    LINEARIZABLE,
    /** Of one node. */
    STALE
  }

  /** The state of one node, not older than that index: a client reads its own writes. */
  public static ReadMode staleFrom(long minIndex) {
    return new ReadMode(Consistency.STALE, minIndex, 0);
  }

  /** The state of one node that heard from a leader within so many milliseconds. */
  public static ReadMode staleWithin(long maxStalenessMillis) {
    return new ReadMode(Consistency.STALE, 0, maxStalenessMillis);
  }
}
