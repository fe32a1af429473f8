package raftkv.simulation.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestId;
import raftkv.client.session.SessionWindow;
import raftkv.kv.RequestIdentity;

/** Whom a write says it is from. */
sealed interface Identity {
  /** What the next copy carries; null: nothing. */
  @Nullable RequestIdentity stamp();

  /** The write has ended. */
  void settle(boolean known);

  /** The name that all copies have in common; null if they have none. */
  default Ledger.@Nullable Named name() {
    RequestIdentity stamp = stamp();
    return stamp == null ? null : new Ledger.Named(stamp.clientId(), stamp.seqNum());
  }

  /** A number in a window. */
  record Windowed(SessionWindow window, RequestId id) implements Identity {
    @Override
    public RequestIdentity stamp() {
      return RequestIdentity.of(id.clientId(), id.seqNum())
          .withAckSeq(Math.min(window.ackSeq(), id.seqNum() - 1))
          .withSessionStart(window.sessionStart());
    }

    @Override
    public void settle(boolean known) {
      if (known) {
        window.settle(id.seqNum());
      } else {
        window.abandon(id.seqNum());
      }
    }
  }

  /** A number of a session that has one request at a time. */
  record Simple(String clientId, long seqNum, long sessionStart) implements Identity {
    @Override
    public RequestIdentity stamp() {
      return RequestIdentity.of(clientId, seqNum).withSessionStart(sessionStart);
    }

    @Override
    public void settle(boolean known) {
      // The next request simply has a higher number.
    }
  }

  /** Nobody. */
  record Nameless() implements Identity {
    @Override
    public @Nullable RequestIdentity stamp() {
      return null;
    }

    @Override
    public void settle(boolean known) {
      // Nothing to remember.
    }
  }
}
