package raftkv.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestId;

/**
 * The identity that a copy of a write carries; all of it beside the operation, so outside of the
 * fingerprint by which servers tell two payloads apart.
 *
 * @param clientId empty for requests without identity
 * @param ackSeq null in a simple session
 */
record Stamp(String clientId, long seqNum, @Nullable Long ackSeq, @Nullable Long sessionStart) {
  /** Of reads and other requests without identity. */
  static final Stamp NONE = new Stamp("", 0, null, null);

  /** The same as a name for the request; null if it has none. */
  @Nullable RequestId requestId() {
    Long start = sessionStart;
    return clientId.isEmpty() ? null : new RequestId(clientId, seqNum, start == null ? 0 : start);
  }
}
