package raftkv.e2e.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/** Who leads, from what the nodes say of themselves. */
final class Leaders {
  private static final long FRESH_MILLIS = 300;

  private Leaders() {}

  /**
   * The leader, or null.
   *
   * @param statuses by node, null where there was no answer
   */
  static @Nullable NodeProcess find(
      List<NodeProcess> nodes, List<? extends @Nullable StatusResponse> statuses) {
    long highest = 0;
    for (StatusResponse status : statuses) {
      highest = status == null ? highest : Math.max(highest, status.getTerm());
    }
    for (int i = 0; i < nodes.size(); i++) {
      StatusResponse status = statuses.get(i);
      if (status != null && leads(status, highest) && isNamed(nodes, statuses, i)) {
        return nodes.get(i);
      }
    }
    return null;
  }

  private static boolean leads(StatusResponse status, long highestTerm) {
    return status.getRole() == Role.ROLE_LEADER
        && status.getTerm() == highestTerm
        && status.hasContactAgeMs()
        && status.getContactAgeMs() <= FRESH_MILLIS;
  }

  private static boolean isNamed(
      List<NodeProcess> nodes, List<? extends @Nullable StatusResponse> statuses, int candidate) {
    if (nodes.size() == 1) {
      return true;
    }
    StatusResponse leader = statuses.get(candidate);
    for (int i = 0; i < nodes.size(); i++) {
      StatusResponse other = statuses.get(i);
      if (i != candidate
          && leader != null
          && other != null
          && other.getLeaderId() == nodes.get(candidate).id()
          && other.getTerm() == leader.getTerm()) {
        return true;
      }
    }
    return false;
  }
}
