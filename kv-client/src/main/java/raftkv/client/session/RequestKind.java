package raftkv.client.session;

/** What sending a request again can do. */
public enum RequestKind {
  /** Changes nothing: may be sent anywhere, any number of times. */
  READ,
  /** A write of a session that the client opened itself and may replace (safety rule 4.4). */
  WRITE_IN_OWN_SESSION,
  /** A write under an identity that the caller chose: its session is never replaced. */
  WRITE_WITH_GIVEN_ID,
  /** Anything without an identity that must not happen twice: sent again only if it did not. */
  ONCE;

  /** Whether anything can take effect at all. */
  public boolean isWrite() {
    return this != READ;
  }
}
