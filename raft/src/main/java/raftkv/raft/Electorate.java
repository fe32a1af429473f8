package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides who counts (safety rule 5.3): elections, commits, read rounds and check-quorum all ask
 * here, and nobody else knows.
 *
 * <p>What counts follows from the incarnations that the own log or snapshot names last, committed
 * or not; cutting the log takes names back.
 */
final class Electorate {
  /** A roster and the index of the entry that made it: by naming that node, or all if null. */
  private record Naming(long index, @Nullable NodeId node, Roster roster) {}

  private final List<NodeId> configured;
  private @Nullable Roster base;
  private final ArrayList<Naming> namings = new ArrayList<>();

  Electorate(List<NodeId> configured) {
    this.configured = configured;
  }

  /** All members: those that the log names, or those configured as long as it names none. */
  List<NodeId> members() {
    Roster roster = roster();
    if (roster == null) {
      return configured;
    }
    List<NodeId> members = new ArrayList<>(roster.members().size());
    for (Roster.Named named : roster.members()) {
      members.add(named.node());
    }
    return members;
  }

  /** What the log names now, or null before the cluster's first entry is known. */
  @Nullable Roster roster() {
    return namings.isEmpty() ? base : namings.get(namings.size() - 1).roster();
  }

  /** What the log up to that index names: the newest snapshot's names at least. */
  @Nullable Roster rosterAt(long index) {
    Roster roster = base;
    for (Naming naming : namings) {
      if (naming.index() <= index) {
        roster = naming.roster();
      }
    }
    return roster;
  }

  /** Whether an entry behind that index names that incarnation of the node. */
  boolean namesBehind(long index, NodeId node, Incarnation incarnation) {
    for (Naming naming : namings) {
      Roster.Named named = naming.roster().named(node);
      if (naming.index() > index && named != null && named.incarnation().equals(incarnation)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an ADMIT stands behind that index, up to the other one. */
  boolean changesBetween(long index, long toIndex) {
    for (Naming naming : namings) {
      if (naming.index() > index && naming.index() <= toIndex && naming.node() != null) {
        return true;
      }
    }
    return false;
  }

  /** Index of the last entry that names the node; 0 if only a snapshot does, or nothing. */
  long lastNaming(NodeId node) {
    long index = 0;
    for (Naming naming : namings) {
      index = naming.node() == null || naming.node().equals(node) ? naming.index() : index;
    }
    return index;
  }

  /** Whether an answer with that standing counts. */
  boolean counts(NodeId node, @Nullable Standing standing) {
    Roster roster = roster();
    return roster != null && standing != null && roster.counts(node, standing);
  }

  /**
   * Whether these grants elect a candidate whose log ends there. In front of the first entry it
   * takes all configured members, whatever their incarnation (safety rule 5.2).
   */
  boolean elects(SortedMap<NodeId, Standing> grants, LogPosition candidateLast) {
    if (candidateLast.isZero()) {
      return grants.keySet().containsAll(configured);
    }
    int counting = 0;
    for (Map.Entry<NodeId, Standing> grant : grants.entrySet()) {
      if (counts(grant.getKey(), grant.getValue())) {
        counting++;
      }
    }
    return counting >= Quorum.majorityOf(members().size());
  }

  void onAppend(LogEntry entry) {
    if (entry.kind() == EntryKind.SETTINGS) {
      namings.add(new Naming(entry.index(), null, Roster.of(Settings.decode(entry.body()))));
    } else if (entry.kind() == EntryKind.ADMIT) {
      Roster roster = Check.present(roster(), "ADMIT comes after SETTINGS");
      Admission admission = Admission.decode(entry.body());
      namings.add(new Naming(entry.index(), admission.node(), roster.with(admission)));
    }
  }

  void onTruncate(long fromIndex) {
    namings.removeIf(naming -> naming.index() >= fromIndex);
  }

  void onReset(Roster roster) {
    namings.clear();
    base = roster;
  }

  /** The prefix up to that index is covered by a snapshot from now on. */
  void onCompact(long toIndex) {
    while (!namings.isEmpty() && namings.get(0).index() <= toIndex) {
      base = namings.remove(0).roster();
    }
  }
}
