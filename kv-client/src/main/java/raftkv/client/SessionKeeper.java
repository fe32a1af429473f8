package raftkv.client;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.Outcome;
import raftkv.client.session.Recovery;
import raftkv.client.session.SessionWindow;
import raftkv.proto.kv.v1.StatusResponse;

/**
 * The sessions of a client's own writes: one, unless more writes may be under way than fit into the
 * window of one; another is used only when those before it are full. Before the first write a node
 * is asked for its applied index, and only then are the client ids chosen: so a session carries a
 * start from its first copy on, and can never be mistaken for one that was evicted (safety rule
 * 4.4).
 *
 * <p>Owned by the loop's thread.
 */
final class SessionKeeper {
  /** What servers allow unless they say otherwise; then the windows are narrowed. */
  private static final int SESSION_WINDOW = 128;

  private static final int ID_BYTES = 16;

  private final Engine engine;
  private final Deque<Flight<?, ?, ?>> waiting = new ArrayDeque<>();
  private final List<SessionWindow> windows = new ArrayList<>();
  private boolean opening;
  private boolean closed;

  SessionKeeper(Engine engine) {
    this.engine = engine;
  }

  /** Gives a write its identity, now or when there is room. */
  void admit(Flight<?, ?, ?> flight) {
    if (closed) {
      flight.abort(Engine.closed(Outcome.NOT_APPLIED, null));
      return;
    }
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
    int place = windows.indexOf(evicted);
    if (place >= 0) {
      windows.set(place, open(evicted.width(), sessionStart));
    }
  }

  /**
   * No write gets a number any more. Before those under way are ended: each that gives its number
   * up would make room for one that waits, which would be sent in the middle of the end.
   */
  void close() {
    closed = true;
    waiting.clear();
  }

  /** A number of that window is free, or will never be used again. */
  void drain() {
    if (windows.isEmpty()) {
      openFirst();
      return;
    }
    SessionWindow window = withRoom();
    while (!waiting.isEmpty() && window != null) {
      Flight<?, ?, ?> flight = waiting.remove();
      if (flight.isUnderWay()) {
        flight.beginIn(window);
        window = withRoom();
      }
    }
  }

  private @Nullable SessionWindow withRoom() {
    for (SessionWindow window : windows) {
      if (window.hasRoom()) {
        return window;
      }
    }
    return null;
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
    engine.launch(Reads.status(), Stamp.NONE, CallStyle.UNARY, first.deadlineNanos(), seen);
  }

  private void onFirstContact(@Nullable StatusResponse status, @Nullable Throwable failure) {
    opening = false;
    if (status != null) {
      openAll(status.getHeader().getAppliedIndex());
    } else if (failure instanceof KvException why) {
      Flight<?, ?, ?> first = waiting.poll();
      if (first != null) {
        first.abort(why.of(Outcome.NOT_APPLIED, null));
      }
    }
    drain();
  }

  private void openAll(long sessionStart) {
    int left = engine.config().maxInFlight();
    while (left > 0) {
      int width = Math.min(left, SESSION_WINDOW);
      windows.add(open(width, sessionStart));
      left -= width;
    }
  }

  private SessionWindow open(int width, long sessionStart) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    String clientId = HexFormat.of().formatHex(id);
    engine.trace("new session " + clientId + ", start " + sessionStart);
    return new SessionWindow(clientId, sessionStart, width);
  }
}
