package raftkv.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import raftkv.client.ClusterCalls;
import raftkv.proto.kv.v1.MembersResponse;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * What all endpoints said of themselves, asked at the same time.
 *
 * @param endpoints as they were configured
 * @param statuses at the same places; null where there was no answer
 */
record ClusterView(List<String> endpoints, List<@Nullable StatusResponse> statuses) {
  private static final long FRESH_MILLIS = 1_000;

  /** Asks; whoever has not answered after that time is taken for silent. */
  static ClusterView ask(ClusterCalls cluster, Duration patience) {
    List<CompletableFuture<StatusResponse>> questions = new ArrayList<>();
    for (int i = 0; i < cluster.endpoints().size(); i++) {
      questions.add(cluster.status(i, patience));
    }
    List<@Nullable StatusResponse> statuses = new ArrayList<>();
    for (CompletableFuture<StatusResponse> question : questions) {
      statuses.add(Waiting.orNull(question));
    }
    return new ClusterView(cluster.endpoints(), statuses);
  }

  boolean anyAnswered() {
    return statuses.stream().anyMatch(status -> status != null);
  }

  /** Where the node of the highest term that says it leads was reached; -1 if there is none. */
  int leader() {
    int found = -1;
    long term = -1;
    for (int i = 0; i < statuses.size(); i++) {
      StatusResponse status = statuses.get(i);
      if (status != null && status.getRole() == Role.ROLE_LEADER && status.getTerm() > term) {
        found = i;
        term = status.getTerm();
      }
    }
    return found;
  }

  /**
   * Whether a leader serves: no node knows a higher term, it heard from a majority lately, and
   * another node names it, if another one was asked.
   */
  boolean hasSettledLeader() {
    int at = leader();
    if (at < 0) {
      return false;
    }
    StatusResponse leads = statuses.get(at);
    if (leads == null || !leads.getCondition().isEmpty()) {
      return false;
    }
    boolean alone = endpoints.size() == 1;
    boolean fresh = leads.hasContactAgeMs() && leads.getContactAgeMs() <= FRESH_MILLIS;
    return (alone || fresh) && isNotOutdated(leads) && (alone || isNamedByAnother(at, leads));
  }

  /** Whether all nodes answered, are in health, and follow one leader. */
  boolean isHealthy() {
    if (!hasSettledLeader()) {
      return false;
    }
    StatusResponse leads = statuses.get(leader());
    for (StatusResponse status : statuses) {
      boolean well =
          status != null
              && leads != null
              && status.getCondition().isEmpty()
              && status.getCounts()
              && status.getTerm() == leads.getTerm();
      if (!well) {
        return false;
      }
    }
    return true;
  }

  private boolean isNotOutdated(StatusResponse leads) {
    return statuses.stream()
        .allMatch(status -> status == null || status.getTerm() <= leads.getTerm());
  }

  private boolean isNamedByAnother(int at, StatusResponse leads) {
    for (int i = 0; i < statuses.size(); i++) {
      StatusResponse status = statuses.get(i);
      boolean names =
          status != null
              && i != at
              && status.getTerm() == leads.getTerm()
              && status.getLeaderId() == leads.getHeader().getNodeId();
      if (names) {
        return true;
      }
    }
    return false;
  }

  /** The members as the leader sees them, or else as any node does that answered. */
  @Nullable MembersResponse members(ClusterCalls cluster, Duration patience) {
    int at = leader();
    for (int i = 0; i < statuses.size() && at < 0; i++) {
      at = statuses.get(i) == null ? -1 : i;
    }
    return at < 0 ? null : Waiting.orNull(cluster.members(at, patience));
  }
}
