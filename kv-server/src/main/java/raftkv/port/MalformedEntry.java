package raftkv.port;

/** Bytes that should be an encoded entry are none that this version can take. */
public final class MalformedEntry extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with them. */
  public enum Reason {
    /** Shorter or longer than an entry, or than its own length says. */
    LENGTH,
    /** The checksum differs from the one computed: damaged. */
    CHECKSUM,
    /** Intact, but index or term cannot be. */
    RANGE,
    /** Intact, but of a kind that only a newer version knows. */
    UNKNOWN_KIND
  }

  private final Reason reason;

  MalformedEntry(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** What is wrong, for whoever must tell damage from a newer version. */
  public Reason reason() {
    return reason;
  }
}
