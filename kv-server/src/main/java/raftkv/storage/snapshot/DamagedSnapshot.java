package raftkv.storage.snapshot;

import org.jspecify.annotations.Nullable;
import raftkv.port.StateHash;
import raftkv.port.VersionedRefusal;

/** Bytes that should be a snapshot are none that this version can take. */
final class DamagedSnapshot extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is to be done about it. */
  enum Reason {
    /** Not what was written, or not all of it. */
    DAMAGED,
    /** Intact, and of a format that only a newer version knows. */
    NEWER_FORMAT
  }

  private final Reason reason;
  private final long offset;
  private final transient @Nullable StateHash hash;

  DamagedSnapshot(long offset, String what) {
    this(Reason.DAMAGED, offset, what, null);
  }

  private DamagedSnapshot(Reason reason, long offset, String what, @Nullable StateHash hash) {
    super("at offset " + offset + ": " + what);
    this.reason = reason;
    this.offset = offset;
    this.hash = hash;
  }

  static DamagedSnapshot newer(String what) {
    return new DamagedSnapshot(Reason.NEWER_FORMAT, 0, what, null);
  }

  /** Every checksum is right, and yet the state is not the one that the footer tells of. */
  static DamagedSnapshot otherState(SnapshotFooter footer, StateHash found) {
    return new DamagedSnapshot(
        Reason.DAMAGED,
        footer.offset(),
        "the state has the hash " + found + ", the footer says " + footer.hash(),
        found);
  }

  /** Every checksum is right, and yet what stands there is no state that this version knows. */
  static DamagedSnapshot noState(long offset, IllegalArgumentException malformed) {
    boolean newer = malformed instanceof VersionedRefusal refusal && refusal.isNewerFormat();
    return new DamagedSnapshot(
        newer ? Reason.NEWER_FORMAT : Reason.DAMAGED,
        offset,
        String.valueOf(malformed.getMessage()),
        StateHash.EMPTY);
  }

  /** The hash of the state, that of nothing if there is none, if that alone is wrong. */
  @Nullable StateHash hash() {
    return hash;
  }

  Reason reason() {
    return reason;
  }

  /** Where in the file. */
  long offset() {
    return offset;
  }
}
