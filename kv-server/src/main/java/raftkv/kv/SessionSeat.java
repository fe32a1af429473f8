package raftkv.kv;

import org.jspecify.annotations.Nullable;
import raftkv.raft.Bytes;

/**
 * Where a living session stands: in its ring, in the table, and what it holds now. The session
 * itself is copied when it changes after a capture; its seat stays the same. Owned by the loop.
 */
final class SessionSeat {
  /** The place of a session that is only looked at. */
  static final int NOWHERE = -1;

  final Bytes clientId;

  /** Its place in the {@link SessionTable}. */
  final int place;

  /** What the session holds now. */
  Session session;

  /** Links of the ring. */
  @Nullable SessionSeat before;

  @Nullable SessionSeat behind;

  SessionSeat(Session session, int place) {
    this.clientId = session.clientId;
    this.session = session;
    this.place = place;
  }
}
