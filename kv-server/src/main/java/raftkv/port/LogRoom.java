package raftkv.port;

/** What the log's disk still has room for (decisions §3, full disk). */
public enum LogRoom {
  /** For everything. */
  FREE,
  /** The reserve alone: hard state, what a leader sends that has room, and what makes room. */
  RESERVE,
  /** The end of the reserve: hard state alone. */
  NONE
}
