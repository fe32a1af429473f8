package raftkv.simulation.check;

/** Something that must never be was seen. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String checker;

  Violation(String checker, String what) {
    super(what);
    this.checker = checker;
  }

  /** Who saw it. */
  public String checker() {
    return checker;
  }
}
