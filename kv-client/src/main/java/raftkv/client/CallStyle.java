package raftkv.client;

/** How requests travel. What they mean, and how they fail, does not depend on it. */
public enum CallStyle {
  /** A call each: the least delay for one request at a time. */
  UNARY,
  /**
   * Many on one stream per node, for throughput; with a server that does not offer that, as {@link
   * #UNARY}.
   */
  PIPELINE
}
