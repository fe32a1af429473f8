package raftkv.raft;

/**
 * The body of an entry cannot be read: of a newer format, or not what it claims to be. For a
 * committed entry the node stops before applying it; for one from a peer the stream is closed.
 */
public final class MalformedBody extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  MalformedBody(String reason) {
    super(reason);
  }
}
