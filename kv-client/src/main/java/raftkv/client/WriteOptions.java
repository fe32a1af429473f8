package raftkv.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.RequestId;

/**
 * How a write is sent, where the usual way will not do.
 *
 * @param routing whether a node that does not lead may forward it
 * @param id a given identity; null for this client's own session
 * @param sessionStart an applied index that was seen when the given client id was chosen; null if
 *     none is known
 * @param ackSeq the floor of the given session: all answers up to that number may be forgotten;
 *     null for a simple session, one request at a time
 */
public record WriteOptions(
    Routing routing, @Nullable RequestId id, @Nullable Long sessionStart, @Nullable Long ackSeq) {
  /** Any node, in this client's own session. */
  public static final WriteOptions DEFAULT = new WriteOptions(Routing.ANY, null, null, null);

  /** Who may take a write. */
  public enum Routing {
    /** Any node: one that does not lead forwards it. */
    ANY,
    /** Only the leader: others refuse and name it. */
    LEADER_ONLY
  }

  /**
   * The same under a given identity: a repeated request is answered, not applied again.
   *
   * @param start an applied index that was seen when the client id was chosen; null for the one
   *     that the identity has, if any
   */
  public WriteOptions withId(RequestId given, @Nullable Long start) {
    return new WriteOptions(routing, given, start(given, start), null);
  }

  /**
   * The same under a given identity of a windowed session, in which many requests may be under way;
   * {@link raftkv.client.session.SessionWindow} keeps account of its numbers.
   */
  public WriteOptions withWindowedId(RequestId given, @Nullable Long start, long floor) {
    return new WriteOptions(routing, given, start(given, start), floor);
  }

  /** The same with that routing. */
  public WriteOptions withRouting(Routing wanted) {
    return new WriteOptions(wanted, id, sessionStart, ackSeq);
  }

  private static @Nullable Long start(RequestId id, @Nullable Long start) {
    return start == null && id.sessionStart() != 0 ? Long.valueOf(id.sessionStart()) : start;
  }
}
