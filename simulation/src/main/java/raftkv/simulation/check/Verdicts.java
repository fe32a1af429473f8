package raftkv.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the first violation. It is thrown as well, but what is thrown inside of a node may be
 * caught there.
 */
public final class Verdicts {
  private @Nullable Violation first;

  /** The first violation, or null. */
  public @Nullable Violation first() {
    return first;
  }

  /** Something is wrong: remembered and thrown. */
  public Violation violated(String checker, String what) {
    Violation violation = new Violation(checker, what);
    if (first == null) {
      first = violation;
    }
    throw violation;
  }
}
