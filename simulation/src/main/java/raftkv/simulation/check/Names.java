package raftkv.simulation.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Admission;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.Settings;
import raftkv.raft.Standing;

/**
 * Which incarnations one node's log names, committed or not (safety rule 5.3). Says of an answer
 * whether it may have counted at that node: an incarnation that is named no more did count once.
 */
final class Names {
  private record Naming(long index, NodeId node, Standing least) {}

  private final List<Naming> namings = new ArrayList<>();

  void onAppend(LogEntry entry) {
    if (entry.kind() == EntryKind.SETTINGS) {
      for (Settings.Member member : Settings.decode(entry.body()).members()) {
        name(entry.index(), member.node(), new Standing(member.incarnation(), false));
      }
    } else if (entry.kind() == EntryKind.ADMIT) {
      Admission admission = Admission.decode(entry.body());
      name(entry.index(), admission.node(), new Standing(admission.incarnation(), true));
    }
  }

  void onSnapshot(long index, @Nullable Roster roster) {
    if (roster != null) {
      for (Roster.Named named : roster.members()) {
        name(index, named.node(), new Standing(named.incarnation(), named.byAdmission()));
      }
    }
  }

  private void name(long index, NodeId node, Standing least) {
    namings.add(new Naming(index, node, least));
  }

  void cutAt(long index) {
    namings.removeIf(naming -> naming.index() >= index);
  }

  void clear() {
    namings.clear();
  }

  /** Whether that incarnation is named by an ADMIT up to that index, or by SETTINGS. */
  boolean isAdmitted(NodeId node, Standing standing, long committedIndex) {
    for (Naming naming : namings) {
      if (naming.index <= committedIndex
          && naming.node.equals(node)
          && naming.least.incarnation().equals(standing.incarnation())) {
        return true;
      }
    }
    return false;
  }

  boolean mayCount(NodeId node, Standing standing) {
    for (Naming naming : namings) {
      if (naming.node.equals(node)
          && naming.least.incarnation().equals(standing.incarnation())
          && (standing.admitted() || !naming.least.admitted())) {
        return true;
      }
    }
    return false;
  }
}
