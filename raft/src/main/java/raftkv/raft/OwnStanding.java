package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * What the log says of this node itself, and what follows for its hard state: that it is admitted
 * (safety rule 5.4), or that an older volume of it was mounted again (rule 5.1).
 *
 * <p>Only committed text decides: an ADMIT that is cut from the log again has changed nothing.
 */
final class OwnStanding {
  private final NodeId self;
  private final Electorate electorate;

  /** Whether committed text has named this incarnation, as far as this run knows. */
  private boolean wasNamed;

  OwnStanding(NodeId self, Electorate electorate) {
    this.self = self;
    this.electorate = electorate;
  }

  /** Looks again, whenever the commit index has moved. */
  void review(HardState own, long commitIndex) {
    Roster.Named named = committedName(commitIndex);
    wasNamed |= named != null && named.incarnation().equals(own.incarnation());
  }

  /**
   * Whether this node has to say from now on that it is admitted: an ADMIT of its incarnation is
   * committed and on its disk, or in a snapshot of its own, and nothing behind it names another.
   */
  boolean isAdmittedNow(HardState own, long commitIndex, long durableIndex) {
    Roster roster = electorate.roster();
    Roster.Named named = roster == null ? null : roster.named(self);
    return !own.admitted()
        && named != null
        && named.byAdmission()
        && named.incarnation().equals(own.incarnation())
        && electorate.lastNaming(self) <= Math.min(commitIndex, durableIndex);
  }

  /**
   * Whether another incarnation was put in the place of this one. The node that is now named may
   * have promised what this volume knows nothing of, so this incarnation must never count again. A
   * blank disk's new incarnation was never named: it waits for its ADMIT, and keeps its name.
   */
  boolean isSuperseded(HardState own, long commitIndex) {
    Roster.Named named = committedName(commitIndex);
    return named != null
        && !named.incarnation().equals(own.incarnation())
        && (wasNamed || own.admitted())
        && !electorate.namesBehind(commitIndex, self, own.incarnation());
  }

  /** Another incarnation was drawn: nothing has named it yet. */
  void forget() {
    wasNamed = false;
  }

  private Roster.@Nullable Named committedName(long commitIndex) {
    Roster roster = electorate.rosterAt(commitIndex);
    return roster == null ? null : roster.named(self);
  }
}
