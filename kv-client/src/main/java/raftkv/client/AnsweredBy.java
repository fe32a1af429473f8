package raftkv.client;

/**
 * Who answered, and from which state.
 *
 * @param clusterId 32 hex digits; empty until the cluster has formed
 * @param nodeId the node that answered
 * @param term its term
 * @param appliedIndex what it had applied: usable as {@link ReadMode#staleFrom} of a later read
 * @param leaderId whom it takes for the leader; 0 if none
 * @param leaderEndpoint that leader's address as its peers know it
 * @param deduplicated whether this is the stored answer of an earlier copy of the same request
 */
public record AnsweredBy(
    String clusterId,
    int nodeId,
    long term,
    long appliedIndex,
    int leaderId,
    String leaderEndpoint,
    boolean deduplicated) {}
