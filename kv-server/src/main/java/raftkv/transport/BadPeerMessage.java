package raftkv.transport;

/**
 * A peer sent what a correct member would not send. The stream is closed with a warning; nothing of
 * the message reaches the node.
 */
final class BadPeerMessage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadPeerMessage(String sentence) {
    super(sentence, null, false, false);
  }

  /** Throws unless the condition holds. */
  static void unless(boolean holds, String sentence) {
    if (!holds) {
      throw new BadPeerMessage(sentence);
    }
  }
}
