package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * Assertions that stay on in production. A failed check is a bug, never an operating error: the
 * process ends (exit code 14), since going on could lose what was promised.
 */
public final class Check {
  private Check() {}

  /**
   * Throws if the condition does not hold.
   *
   * @throws InvariantBroken with the message, which names the rule that was broken
   */
  public static void that(boolean holds, String rule) {
    if (!holds) {
      throw new InvariantBroken(rule);
    }
  }

  /**
   * Throws if the condition does not hold; the two numbers that disagree are added to the message.
   *
   * @throws InvariantBroken with the rule and both numbers
   */
  public static void that(boolean holds, String rule, long left, long right) {
    if (!holds) {
      throw new InvariantBroken(rule + " (" + left + ", " + right + ")");
    }
  }

  /**
   * The value, which is there.
   *
   * @throws InvariantBroken with the rule, if it is not
   */
  public static <T> T present(@Nullable T value, String rule) {
    if (value == null) {
      throw new InvariantBroken(rule);
    }
    return value;
  }

  /** A broken invariant of our own code. Never caught except at the top of a thread. */
  public static final class InvariantBroken extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    InvariantBroken(String rule) {
      super("broken invariant: " + rule);
    }
  }
}
