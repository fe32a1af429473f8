package raftkv.raft;

/**
 * The body of an entry cannot be read: of a newer format, or not what it claims to be. For a
 * committed entry the node stops before applying it; for one from a peer the stream is closed.
 */
public final class MalformedBody extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final boolean newerFormat;

  MalformedBody(String reason) {
    this(reason, false);
  }

  private MalformedBody(String reason, boolean newerFormat) {
    super(reason);
    this.newerFormat = newerFormat;
  }

  /** Of a format that this version does not know. */
  static MalformedBody ofFormat(int found, int known) {
    return new MalformedBody(
        "format " + found + " is not known here (newest: " + known + ")", found > known);
  }

  /** Whether a newer version may understand it. */
  public boolean isNewerFormat() {
    return newerFormat;
  }
}
