package raftkv.client;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.Outcome;
import raftkv.client.session.Recovery;
import raftkv.client.session.RequestId;

/**
 * A request ended without an answer. {@link #outcome} says what is certain of a write; of a read it
 * is always {@link Outcome#NOT_APPLIED}.
 */
public final class KvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The deadline passed before any node answered. */
  public static final String DEADLINE = "DEADLINE";

  /** The client was closed. */
  public static final String CLOSED = "CLOSED";

  /** More requests wait in this client than it was told to hold. */
  public static final String CLIENT_BUSY = "CLIENT_BUSY";

  /** The message is larger than any node takes: not sent. */
  public static final String REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE";

  private final String reason;
  private final Outcome outcome;
  private final Recovery recovery;
  private final transient @Nullable RequestId requestId;
  private final TreeMap<String, String> details;

  KvException(
      String reason,
      Outcome outcome,
      Recovery recovery,
      String message,
      @Nullable RequestId requestId,
      Map<String, String> details) {
    super(message);
    this.reason = reason;
    this.outcome = outcome;
    this.recovery = recovery;
    this.requestId = requestId;
    this.details = new TreeMap<>(details);
  }

  /** The same failure of another request. */
  KvException of(Outcome other, @Nullable RequestId id) {
    return new KvException(reason, other, recovery, String.valueOf(getMessage()), id, details);
  }

  /** From the server's error table, or one of the constants here or of CopyFailure. */
  public String reason() {
    return reason;
  }

  /** What is certain of all copies of the request together. */
  public Outcome outcome() {
    return outcome;
  }

  /** Whether the same request could succeed later: it was not refused for good. */
  public boolean isTransient() {
    return recovery != Recovery.NONE && recovery != Recovery.NEW_SESSION;
  }

  /**
   * The identity under which a write was sent, its session's start included, to ask by {@link
   * KvClient#fateOf} what became of it; null if it had none.
   */
  public @Nullable RequestId requestId() {
    return requestId;
  }

  /** What the node said along with it, by name, such as {@code leader_endpoint}. */
  public Map<String, String> details() {
    return Map.copyOf(details);
  }
}
