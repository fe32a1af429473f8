package raftkv.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.Member;
import raftkv.proto.kv.v1.MembersResponse;
import raftkv.proto.kv.v1.StatusResponse;

/** From what nodes said of themselves, and the leader of the silent ones, to one row a node. */
final class StatusRows {
  private final ClusterView view;
  private final @Nullable MembersResponse members;
  private final List<Row> rows = new ArrayList<>();

  /**
   * One node.
   *
   * @param self whether it speaks for itself; else it is what another node knows of it
   */
  record Row(
      int node,
      String endpoint,
      boolean self,
      String role,
      long term,
      int leader,
      long commit,
      long applied,
      String lag,
      String hash,
      String note,
      Stored stored) {}

  /**
   * What a node has stored besides.
   *
   * @param standing member, learner, recovering, or empty if it is not known
   */
  record Stored(
      String standing, long firstIndex, long snapshotIndex, long snapshotBytes, long logBytes) {
    static final Stored UNKNOWN = new Stored("", 0, 0, 0, 0);

    static Stored of(StatusResponse status) {
      return new Stored(
          status.getStanding(),
          status.getFirstLogIndex(),
          status.getSnapshotIndex(),
          status.getSnapshotBytes(),
          status.getStoredLogBytes());
    }
  }

  private StatusRows(ClusterView view, @Nullable MembersResponse members) {
    this.view = view;
    this.members = members;
  }

  static List<Row> of(ClusterView view, @Nullable MembersResponse members) {
    StatusRows made = new StatusRows(view, members);
    made.fill();
    return made.rows;
  }

  private void fill() {
    Set<Integer> speaking = new HashSet<>();
    Set<String> silentPorts = new HashSet<>();
    for (int i = 0; i < view.endpoints().size(); i++) {
      StatusResponse status = view.statuses().get(i);
      if (status != null) {
        speaking.add(status.getHeader().getNodeId());
        rows.add(fromSelf(view.endpoints().get(i), status));
      }
    }
    MembersResponse known = members;
    if (known != null) {
      for (Member member : known.getMembersList()) {
        if (!speaking.contains(member.getNodeId())) {
          silentPorts.add(portOf(member.getEndpoint()));
          rows.add(fromOther(member, known));
        }
      }
    }
    for (int i = 0; i < view.endpoints().size(); i++) {
      String endpoint = view.endpoints().get(i);
      if (view.statuses().get(i) == null && !silentPorts.contains(portOf(endpoint))) {
        rows.add(silent(endpoint));
      }
    }
    rows.sort((one, other) -> Integer.compare(order(one), order(other)));
  }

  /** Nodes without a known id come last. */
  private static int order(Row row) {
    return row.node() == 0 ? Integer.MAX_VALUE : row.node();
  }

  private Row fromSelf(String endpoint, StatusResponse status) {
    String note = status.getCondition();
    if (status.getFenced()) {
      note = note.isEmpty() ? "fenced" : note;
    } else if (status.getStanding().equals("recovering") && !note.startsWith("recovering")) {
      note = note.isEmpty() ? "recovering" : "recovering, " + note;
    } else if (!status.getCounts()) {
      note = note.isEmpty() ? "does not count yet" : note + ", does not count yet";
    }
    return new Row(
        status.getHeader().getNodeId(),
        endpoint,
        true,
        status.getRole().name().replace("ROLE_", "").toLowerCase(Locale.ROOT),
        status.getTerm(),
        status.getLeaderId(),
        status.getCommitIndex(),
        status.getAppliedIndex(),
        lagOf(status),
        status.getStateHash(),
        note,
        Stored.of(status));
  }

  /** How far it is behind the leader's commit index; unknown without a leader's answer. */
  private String lagOf(StatusResponse status) {
    int at = view.leader();
    StatusResponse leads = at < 0 ? null : view.statuses().get(at);
    return leads == null
        ? "-"
        : Long.toString(Math.max(0, leads.getCommitIndex() - status.getAppliedIndex()));
  }

  private static Row fromOther(Member member, MembersResponse said) {
    int teller = said.getHeader().getNodeId();
    String link = member.getReachable() ? "link up" : "no link";
    return new Row(
        member.getNodeId(),
        member.getEndpoint(),
        false,
        member.getIsLeader() ? "leader" : "-",
        said.getHeader().getTerm(),
        said.getHeader().getLeaderId(),
        0,
        said.getFromLeader() ? member.getMatchIndex() : 0,
        said.getFromLeader() ? Long.toString(member.getLag()) : "-",
        "",
        "no answer; as node " + teller + " sees it: " + link,
        Stored.UNKNOWN);
  }

  private static Row silent(String endpoint) {
    return new Row(0, endpoint, false, "-", 0, 0, 0, 0, "-", "", "no answer", Stored.UNKNOWN);
  }

  private static String portOf(String endpoint) {
    return endpoint.substring(endpoint.lastIndexOf(':') + 1);
  }
}
