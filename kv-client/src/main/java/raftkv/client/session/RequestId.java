package raftkv.client.session;

/**
 * The identity of a write: any number of copies of it take effect once.
 *
 * @param clientId unique to the session, 1 to 64 bytes
 * @param seqNum from 1
 */
public record RequestId(String clientId, long seqNum) {
  @Override
  public String toString() {
    return clientId + "/" + seqNum;
  }
}
