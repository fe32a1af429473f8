package raftkv.storage.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.SnapshotMeta;

/**
 * What a node starts from: its newest valid snapshot S and the log that was found, by safety rule
 * 6.6. The log's base is the position in front of its first entry.
 *
 * <pre>
 *   no snapshot          base 0                              LogAlone
 *                        base above 0                        Damage
 *   S below the base     the entries between are missing     Damage
 *   S in the log         as entry or base, of S's term       Keep: what is above S goes on
 *   S beyond the log     the log ends below it               Reset
 *   S not in the log     another term stands at its index    Reset
 * </pre>
 *
 * <p>Keeping and resetting is done by the core, from {@code DurableState}; it writes the reset, and
 * the node speaks behind that. Damage drops nothing: a snapshot at or above the base has to come
 * from a peer.
 */
public sealed interface StartChoice {
  /** Calls the method for this kind of choice. */
  <R> R match(Cases<R> cases);

  /** One method for each kind of choice. */
  interface Cases<R> {
    /** Nothing but the log. */
    R logAlone();

    /** Snapshot and log. */
    R keep(SnapshotMeta snapshot);

    /** Nothing but the snapshot. */
    R reset(SnapshotMeta snapshot);

    /** They do not meet. */
    R damage(Damage damage);
  }

  /** There is no snapshot, and the log is all there ever was. */
  record LogAlone() implements StartChoice {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.logAlone();
    }
  }

  /** The state is that of the snapshot, and the log stays as it is. */
  record Keep(SnapshotMeta snapshot) implements StartChoice {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.keep(snapshot);
    }
  }

  /** The state is that of the snapshot, which takes the place of the whole log. */
  record Reset(SnapshotMeta snapshot) implements StartChoice {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.reset(snapshot);
    }
  }

  /** Snapshot and log do not meet. */
  record Damage(@Nullable SnapshotMeta snapshot, LogPosition base) implements StartChoice {
    /** What an operator should know. */
    public String sentence() {
      return "the log begins behind "
          + base
          + ", "
          + (snapshot == null
              ? "and there is no valid snapshot"
              : "but the newest valid snapshot ends at " + snapshot.lastIncluded());
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.damage(this);
    }
  }

  /**
   * Decides; nothing is changed.
   *
   * @param newest the newest valid snapshot, or null
   * @param base the position in front of the log's first entry
   * @param entries the log, contiguous behind its base
   */
  static StartChoice of(@Nullable SnapshotMeta newest, LogPosition base, List<LogEntry> entries) {
    if (newest == null) {
      return base.isZero() ? new LogAlone() : new Damage(null, base);
    }
    LogPosition last = newest.lastIncluded();
    if (last.index() < base.index()) {
      return new Damage(newest, base);
    }
    long ahead = last.index() - base.index();
    if (ahead > entries.size()) {
      return new Reset(newest);
    }
    LogPosition there = ahead == 0 ? base : entries.get((int) ahead - 1).position();
    return there.equals(last) ? new Keep(newest) : new Reset(newest);
  }
}
