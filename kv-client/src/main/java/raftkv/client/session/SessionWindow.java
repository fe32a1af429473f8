package raftkv.client.session;

/**
 * The bookkeeping of one windowed session (safety rule 4.2): which sequence numbers are in use, and
 * up to which one the servers may forget their answers.
 *
 * <pre>
 *        ackSeq                              next
 *   ..... | s  o  s  s  a  o  s  o  .  .  .  |      s settled, o open, a abandoned
 *         |&lt;-------- at most width --------&gt;|
 * </pre>
 *
 * <p>A number is settled when its answer is known and it will never be sent again. It is abandoned
 * when the client gave up with an unknown outcome: then its answer is worth keeping, for whoever
 * asks what became of it, until the hole takes up half of the window.
 *
 * <p>Not thread-safe: owned by the client's loop.
 */
public final class SessionWindow {
  private static final byte OPEN = 0;
  private static final byte SETTLED = 1;
  private static final byte ABANDONED = 2;

  private final String clientId;
  private final long sessionStart;
  private final byte[] states;
  private int width;
  private long ackSeq;
  private long next;

  /**
   * A session that has sent nothing.
   *
   * @param clientId unique to it: never used by another session, not even after a restart
   * @param sessionStart an applied index seen before clientId was chosen
   * @param width how far above the floor numbers may go, from 1
   */
  public SessionWindow(String clientId, long sessionStart, int width) {
    this(clientId, sessionStart, width, 0);
  }

  /**
   * A session that another process began, which had got the answers to all numbers up to a floor.
   */
  public static SessionWindow resumed(String clientId, long sessionStart, int width, long floor) {
    return new SessionWindow(clientId, sessionStart, width, floor);
  }

  private SessionWindow(String clientId, long sessionStart, int width, long floor) {
    if (width < 1) {
      throw new IllegalArgumentException("window of " + width);
    }
    this.clientId = clientId;
    this.sessionStart = sessionStart;
    this.width = width;
    this.states = new byte[width];
    this.ackSeq = floor;
    this.next = floor + 1;
  }

  /** Its client id. */
  public String clientId() {
    return clientId;
  }

  /** The applied index that came before it: constant for its life. */
  public long sessionStart() {
    return sessionStart;
  }

  /** How far above the floor its numbers may go. */
  public int width() {
    return width;
  }

  /** The floor: every answer up to it may be forgotten. Below every number in use. */
  public long ackSeq() {
    return ackSeq;
  }

  /** Whether one more number can be opened. */
  public boolean hasRoom() {
    return next - ackSeq <= width;
  }

  /** Takes the next number into use; there must be room. */
  public RequestId open() {
    if (!hasRoom()) {
      throw new IllegalStateException("window of " + width + " is full");
    }
    mark(next, OPEN);
    return new RequestId(clientId, next++, sessionStart);
  }

  /** The answer of this number is known. */
  public void settle(long seqNum) {
    mark(seqNum, SETTLED);
    advance();
  }

  /** This number is given up with an unknown outcome: it will not be sent again. */
  public void abandon(long seqNum) {
    mark(seqNum, ABANDONED);
    advance();
  }

  /** The servers allow less than was thought: open no more than this many above the floor. */
  public void narrow(int allowed) {
    width = Math.max(1, Math.min(width, allowed));
    advance();
  }

  private void advance() {
    while (ackSeq + 1 < next && mayForget(ackSeq + 1)) {
      ackSeq++;
    }
  }

  private boolean mayForget(long seqNum) {
    byte state = states[slot(seqNum)];
    return state == SETTLED || (state == ABANDONED && (next - 1 - ackSeq) * 2 > width);
  }

  private void mark(long seqNum, byte state) {
    if (seqNum <= ackSeq || seqNum > next) {
      throw new IllegalArgumentException(seqNum + " is not in use");
    }
    states[slot(seqNum)] = state;
  }

  private int slot(long seqNum) {
    return (int) (seqNum % states.length);
  }
}
