package raftkv.kv;

import java.nio.charset.StandardCharsets;
import raftkv.raft.Bytes;

/**
 * Who asks, and with which number: what makes copies of a request one request (safety rule 4.2).
 * Made by {@link #of} and the {@code with} methods.
 *
 * @param clientId 1 to 64 bytes, unique to the client
 * @param seqNum from 1
 * @param ackSeq all answers up to this may be forgotten; {@link #NO_ACK} in a simple session
 * @param sessionStart an applied index seen when the client id was chosen; 0 if none was given,
 *     which proves as little as index 0 would
 */
public record RequestIdentity(Bytes clientId, long seqNum, long ackSeq, long sessionStart) {
  /** The request has no {@code ack_seq}: its session is simple. */
  public static final long NO_ACK = -1;

  /** Longest client id. */
  public static final int MAX_CLIENT_ID_BYTES = 64;

  /** Checks the ranges. */
  public RequestIdentity {
    MalformedInput.unlessSized(clientId, MAX_CLIENT_ID_BYTES, "client_id");
    MalformedInput.unless(seqNum >= 1, "seq_num is not positive");
    MalformedInput.unless(ackSeq >= NO_ACK, "ack_seq is out of range");
    MalformedInput.unless(ackSeq < seqNum, "ack_seq is not below seq_num");
    MalformedInput.unless(sessionStart >= 0, "session_start is out of range");
  }

  /** A request of a simple session. */
  public static RequestIdentity of(String clientId, long seqNum) {
    Bytes id = Bytes.wrap(clientId.getBytes(StandardCharsets.UTF_8));
    return new RequestIdentity(id, seqNum, NO_ACK, 0);
  }

  /** The same in a windowed session. */
  public RequestIdentity withAckSeq(long acknowledged) {
    MalformedInput.unless(acknowledged >= 0, "ack_seq is out of range");
    return new RequestIdentity(clientId, seqNum, acknowledged, sessionStart);
  }

  /** The same with a proof that the session is younger than that index. */
  public RequestIdentity withSessionStart(long index) {
    return new RequestIdentity(clientId, seqNum, ackSeq, index);
  }

  /** Whether the request belongs to a windowed session. */
  public boolean isWindowed() {
    return ackSeq != NO_ACK;
  }
}
