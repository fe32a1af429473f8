package raftkv.kv;

import raftkv.raft.Bytes;

/**
 * Asks what became of a request.
 *
 * @param clientId as in the request
 * @param seqNum as in the request, from 1
 * @param sessionStart as in the request, 0 if none
 */
public record OutcomeQuery(Bytes clientId, long seqNum, long sessionStart) {
  /** Checks the ranges. */
  public OutcomeQuery {
    MalformedInput.unlessSized(clientId, RequestIdentity.MAX_CLIENT_ID_BYTES, "client_id");
    MalformedInput.unless(seqNum >= 1, "seq_num is not positive");
    MalformedInput.unless(sessionStart >= 0, "session_start is out of range");
  }
}
