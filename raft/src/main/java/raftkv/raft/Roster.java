package raftkv.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which incarnation of each member the log names last: part of the replicated state and of each
 * snapshot (safety rule 5.4). Unchanging; members in ascending order.
 */
public record Roster(ClusterId clusterId, List<Named> members) {
  /** One member, with the incarnation that the log names for it last. */
  public record Named(NodeId node, Incarnation incarnation, boolean byAdmission) {}

  /** Sorts the members. */
  public Roster {
    List<Named> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Named::node));
    members = List.copyOf(sorted);
  }

  /** The roster that a cluster begins with. */
  public static Roster of(Settings settings) {
    List<Named> members = new ArrayList<>();
    for (Settings.Member member : settings.members()) {
      members.add(new Named(member.node(), member.incarnation(), false));
    }
    return new Roster(settings.clusterId(), members);
  }

  /** This roster after an ADMIT; unchanged if the node is no member. */
  public Roster with(Admission admission) {
    List<Named> changed = new ArrayList<>();
    for (Named member : members) {
      changed.add(
          member.node().equals(admission.node())
              ? new Named(admission.node(), admission.incarnation(), true)
              : member);
    }
    return new Roster(clusterId, changed);
  }

  /** What is named for a node, or null if it is no member. */
  public @Nullable Named named(NodeId node) {
    for (Named member : members) {
      if (member.node().equals(node)) {
        return member;
      }
    }
    return null;
  }

  /** Whether an answer of that node with that standing counts (safety rule 5.3). */
  public boolean counts(NodeId node, Standing standing) {
    Named named = named(node);
    return named != null
        && named.incarnation().equals(standing.incarnation())
        && (!named.byAdmission() || standing.admitted());
  }
}
