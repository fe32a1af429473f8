package raftkv.client.session;

/**
 * What an answer, or a refusal with a hint, says about who leads.
 *
 * @param nodeId who says so; 0 if it did not name itself
 * @param term its term
 * @param leaderId whom it takes for the leader; 0 if it knows none
 * @param leaderEndpoint the leader's address as its peers know it; may mean nothing to this client
 */
public record Sighting(int nodeId, long term, int leaderId, String leaderEndpoint) {}
