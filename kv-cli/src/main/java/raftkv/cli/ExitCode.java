package raftkv.cli;

/** How a call ended, for scripts. */
final class ExitCode {
  static final int DONE = 0;

  /** Key not found, or condition not met: a definite answer. */
  static final int NOT_MET = 1;

  static final int USAGE = 2;

  /** Nobody could do it now; a write was not applied. */
  static final int UNAVAILABLE = 3;

  /** Nobody knows whether a write was applied. */
  static final int UNKNOWN = 4;

  /** Refused, and would be refused again. */
  static final int REFUSED = 5;

  private ExitCode() {}

  /** The more alarming of two codes, when one call did several things. */
  static int worse(int one, int other) {
    return Math.max(one, other);
  }
}
