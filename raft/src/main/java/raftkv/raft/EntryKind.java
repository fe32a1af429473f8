package raftkv.raft;

import org.jspecify.annotations.Nullable;

/** What a log entry is for. The codes are part of the disk and wire format. */
public enum EntryKind {
  /** The entry with which a leader begins its term (Raft §5.4.2, §8). Empty body. */
  NOOP(1),
  /** A command for the state machine. */
  COMMAND(2),
  /** The cluster's first entry: id, members with incarnations, limits. Body: {@link Settings}. */
  SETTINGS(3),
  /** Reserved for changes of membership. */
  MEMBERS(4),
  /** Names a new incarnation of a member (safety rule 5.4). Body: {@link Admission}. */
  ADMIT(5);

  private static final EntryKind[] ALL = values();

  private final byte code;

  EntryKind(int code) {
    this.code = (byte) code;
  }

  /** The kind's number in files and messages. */
  public byte code() {
    return code;
  }

  /** The kind with that number, or null if this version does not know it. */
  public static @Nullable EntryKind ofCode(byte code) {
    return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
  }
}
