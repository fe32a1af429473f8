package raftkv.client.session;

/**
 * The identity of a write: any number of copies of it take effect once.
 *
 * @param clientId unique to the session, 1 to 64 bytes
 * @param seqNum from 1
 * @param sessionStart an applied index that was seen when the client id was chosen, constant for
 *     the session; 0 if none is known. A session that was opened after an eviction is shown only to
 *     those that bring the start that its writes carry: without it, what is asked of them is
 *     answered as forgotten (safety rule 4.4)
 */
public record RequestId(String clientId, long seqNum, long sessionStart) {
  /** Of a session without a start. */
  public RequestId(String clientId, long seqNum) {
    this(clientId, seqNum, 0);
  }

  @Override
  public String toString() {
    return clientId + "/" + seqNum;
  }
}
