package raftkv.port;

/** What there still is room for: on the log's disk (decisions §3, full disk), or on the heap. */
public enum LogRoom {
  /** For everything. */
  FREE,
  /** The reserve alone: hard state, what a leader sends that has room, and what makes room. */
  RESERVE,
  /** The end of the reserve: hard state alone. */
  NONE
}
