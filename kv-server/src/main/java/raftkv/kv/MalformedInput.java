package raftkv.kv;

import raftkv.port.VersionedRefusal;
import raftkv.raft.Bytes;

/**
 * Bytes or arguments that make no command, answer or limits. Before a proposal it is a refusal; in
 * a committed entry it stops the node.
 */
public final class MalformedInput extends IllegalArgumentException implements VersionedRefusal {
  private static final long serialVersionUID = 1L;

  private final boolean newerFormat;

  private MalformedInput(String sentence, boolean newerFormat) {
    super(sentence);
    this.newerFormat = newerFormat;
  }

  /** Something that no version understands. */
  static MalformedInput because(String sentence) {
    return new MalformedInput(sentence, false);
  }

  /** Something that this version does not understand yet; the sentence names both versions. */
  static MalformedInput newer(String what, int found, int newestKnown) {
    return new MalformedInput(
        what + " " + found + " is not known to this version (newest: " + newestKnown + ")", true);
  }

  /** Throws unless the condition holds. For a sentence that needs no making. */
  static void unless(boolean holds, String sentence) {
    if (!holds) {
      throw because(sentence);
    }
  }

  /** Throws unless there are between 1 and {@code max} bytes. */
  static void unlessSized(Bytes bytes, int max, String what) {
    if (bytes.length() == 0) {
      throw because(what + " is empty");
    }
    if (bytes.length() > max) {
      throw because(what + " is longer than " + max + " bytes");
    }
  }

  @Override
  public boolean isNewerFormat() {
    return newerFormat;
  }
}
