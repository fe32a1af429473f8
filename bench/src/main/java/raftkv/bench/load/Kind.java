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

  /** Whether the n-th operation of this kind is a put. */
  boolean isPut(long number) {
    return this == PUT || (this == MIXED && (number & 1) == 0);
  }
}
