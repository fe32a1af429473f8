package raftkv.client;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.Outcome;
import raftkv.client.session.Recovery;
import raftkv.client.session.SessionWindow;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * The session of a client's own writes. Before the first write a node is asked for its applied
 * index, and only then is the client id chosen: so the session carries a start from its first copy
 * on, and can never be mistaken for one that was evicted (safety rule 4.4).
 *
 * <p>Owned by the loop's thread.
 */
final class SessionKeeper {
  private static final int ID_BYTES = 16;

  private final Engine engine;
  private final Deque<Flight<?, ?, ?>> waiting = new ArrayDeque<>();
  private @Nullable SessionWindow current;
  private boolean opening;

  SessionKeeper(Engine engine) {
    this.engine = engine;
  }

  /** Gives a write its identity, now or when there is room. */
  void admit(Flight<?, ?, ?> flight) {
    if (waiting.size() >= engine.config().maxWaiting()) {
      flight.abort(
          new KvException(
              KvException.CLIENT_BUSY,
              Outcome.NOT_APPLIED,
              Recovery.LATER,
              "this client holds " + waiting.size() + " waiting writes, as many as it may",
              null,
              Map.of()));
      return;
    }
    waiting.add(flight);
    drain();
  }

  /** A write's session was evicted: its window is used no more, unless it is already replaced. */
  void replace(SessionWindow evicted, long sessionStart) {
    if (current == evicted) {
      current = open(sessionStart);
    }
  }

  /** A number of that window is free, or will never be used again. */
  void drain() {
    SessionWindow window = current;
    if (window == null) {
      openFirst();
      return;
    }
    while (!waiting.isEmpty() && window.hasRoom()) {
      Flight<?, ?, ?> flight = waiting.remove();
      if (flight.isUnderWay()) {
        flight.beginIn(window);
      }
    }
  }

  private void openFirst() {
    while (!waiting.isEmpty() && !waiting.element().isUnderWay()) {
      waiting.remove();
    }
    Flight<?, ?, ?> first = waiting.peek();
    if (opening || first == null) {
      return;
    }
    opening = true;
    CompletableFuture<StatusResponse> seen = new CompletableFuture<>();
    var unused = seen.whenComplete((status, failure) -> onFirstContact(status, failure));
    engine.launch(Reads.status(), Stamp.NONE, first.deadlineNanos(), seen);
  }

  private void onFirstContact(@Nullable StatusResponse status, @Nullable Throwable failure) {
    opening = false;
    if (status != null) {
      current = open(status.getHeader().getAppliedIndex());
    } else if (failure instanceof KvException why) {
      Flight<?, ?, ?> first = waiting.poll();
      if (first != null) {
        first.abort(why.of(Outcome.NOT_APPLIED, null));
      }
    }
    drain();
  }

  private SessionWindow open(long sessionStart) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    String clientId = HexFormat.of().formatHex(id);
    engine.trace("new session " + clientId + ", start " + sessionStart);
    return new SessionWindow(clientId, sessionStart, engine.config().maxInFlight());
  }
}
