package raftkv.bench.load;

/** What the operations of a level are. */
public enum Kind {
  /** Puts. */
  PUT("put"),
  /** Linearizable gets. */
  GET("get"),
  /** Gets from the state of one node. */
  STALE_GET("stale-get"),
  /** Puts and linearizable gets in turn. */
  MIXED("mixed");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** As it is written on the command line and in results. */
  @Override
  public String toString() {
    return words;
  }

  /** Whether the n-th operation of this kind is a put; the next time its key comes, it is a get. */
  boolean isPut(long number, long keys) {
    return this == PUT || (this == MIXED && ((number + number / keys) & 1) == 0);
  }
}
