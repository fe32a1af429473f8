package raftkv.client.session;

/** What is certain about a write. An unknown outcome is never called failed. */
public enum Outcome {
  /** It did not take effect and, unless it is sent again, never will. */
  NOT_APPLIED,
  /** It took effect, exactly once. */
  APPLIED,
  /** It may have taken effect, or may still do so. */
  UNKNOWN
}
