package raftkv.simulation.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestKind;
import raftkv.client.session.SessionWindow;

/** The sessions of one client, one after the other. */
final class Sessions {
  private static final int WIDTH = 8;

  private final int client;
  private final ClientHabits.Style style;
  private @Nullable SessionWindow window;
  private String simpleId = "";
  private long simpleStart;
  private long simpleSeq;
  private int opened;

  Sessions(int client, ClientHabits.Style style) {
    this.client = client;
    this.style = style;
  }

  RequestKind kind() {
    return switch (style) {
      case WINDOWED -> RequestKind.WRITE_IN_OWN_SESSION;
      case SIMPLE -> RequestKind.WRITE_WITH_GIVEN_ID;
      case NAMELESS -> RequestKind.ONCE;
    };
  }

  boolean isOpen() {
    return style == ClientHabits.Style.NAMELESS || opened > 0;
  }

  /** Whether another write can have a number. */
  boolean hasRoom() {
    return window == null || window.hasRoom();
  }

  /** A new session takes the place of the present one. */
  void open(long sessionStart) {
    opened++;
    String id = "client-" + client + "." + opened;
    if (style == ClientHabits.Style.WINDOWED) {
      window = new SessionWindow(id, sessionStart, WIDTH);
    } else {
      simpleId = id;
      simpleStart = sessionStart;
      simpleSeq = 0;
    }
  }

  Identity next() {
    SessionWindow current = window;
    if (style == ClientHabits.Style.NAMELESS) {
      return new Identity.Nameless();
    }
    return current != null
        ? new Identity.Windowed(current, current.open())
        : new Identity.Simple(simpleId, ++simpleSeq, simpleStart);
  }
}
