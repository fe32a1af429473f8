package raftkv.simulation.election;

/**
 * What a curve is about.
 *
 * @param minMillis least election timeout
 * @param maxMillis greatest election timeout
 */
record ElectionSetting(int minMillis, int maxMillis, Style style) {
  /** How elections begin. */
  enum Style {
    /** By timeout, and at once in a new term. */
    PAPER,
    /** As this system does: pre-votes, and no waiting when the connection to the leader breaks. */
    OURS
  }

  String range() {
    return minMillis + "-" + maxMillis;
  }
}
