package raftkv.port;

/** The documented exit codes of a server process (docs/operations.md). */
public enum ExitCode {
  /** Ended as asked. */
  CLEAN(0),
  /** Unknown or contradictory options. */
  USAGE(2),
  /** Port or directory cannot be used. */
  UNAVAILABLE(10),
  /** The directory belongs to another node or cluster, or another process holds it. */
  IDENTITY(11),
  /** Storage that was promised is damaged. */
  DAMAGED(12),
  /** Files of a newer format. */
  NEWER_FORMAT(13),
  /** A bug: an invariant is broken. */
  INVARIANT(14),
  /** A write or force failed. */
  WRITE_FAILED(15),
  /** Out of memory. */
  MEMORY(16);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number that the operating system sees. */
  public int code() {
    return code;
  }
}
