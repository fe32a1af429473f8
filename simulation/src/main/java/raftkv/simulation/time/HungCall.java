package raftkv.simulation.time;

/**
 * Thrown out of a call that never returns; the thread that made it does nothing any more. No
 * exception, so that nobody who handles errors handles it.
 */
public final class HungCall extends Error {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace: it is no fault of anybody's. */
  public HungCall() {
    super("a call that never returns", null, false, false);
  }
}
