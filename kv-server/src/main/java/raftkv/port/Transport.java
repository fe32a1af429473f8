package raftkv.port;

import java.util.function.Consumer;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * Links to the other members. Each node dials each peer once and sends all its messages on that one
 * stream. What was sent on a link reaches no other run of either side (safety rule 1.4).
 */
public interface Transport {
  /** What {@link #linkState} says of a link that works. */
  String CONNECTED = "connected";

  /** Forwarded writes that one node may have under way, and another one takes of it. */
  int MAX_FORWARDS = 256;

  /** Bytes of their commands; one write may always be under way. */
  int MAX_FORWARD_BYTES = 16 << 20;

  /** Begins to dial and to take messages. Called once, from the loop. */
  void start(Receiver receiver);

  /**
   * Sends if there is a link with room, else drops. Neither blocks nor throws nor reports: loss is
   * normal. Called from the loop.
   */
  void send(NodeId to, PeerMessage message);

  /** The cluster id is known from now on: named in later hellos, announced on open streams. */
  void clusterIdKnown(ClusterId clusterId);

  /**
   * Sends a client's write to the node that leads, one hop only; beyond {@link #MAX_FORWARDS} and
   * {@link #MAX_FORWARD_BYTES} that one refuses it. The answer comes on the loop, exactly once,
   * also when nothing was heard until the deadline ({@link ForwardReply.Unknown}).
   */
  void forward(NodeId to, ForwardRequest request, Consumer<ForwardReply> answer);

  /**
   * Sends a snapshot beside the stream of messages, one at a time to each peer and slowly enough
   * for everything else to go on; ends when the link to the peer does. Called from the loop.
   *
   * @param term that this node leads
   * @param source stays the caller's, who closes it when this is done
   * @param done called on the loop, exactly once: whether the peer has the snapshot, durably
   */
  void sendSnapshot(
      NodeId to, long term, SnapshotFile file, SnapshotSource source, Consumer<Boolean> done);

  /** Gives up the snapshot under way to that peer, if there is one: it is not delivered. */
  void abandonSnapshot(NodeId to);

  /**
   * Asks a peer for what this node has lost of its log. The answer comes on the loop, exactly once,
   * also when nothing was heard for a while ({@link LogPage.Unanswered}). One question per peer at
   * a time.
   */
  void fetchLog(NodeId to, LogQuestion question, Consumer<LogPage> answer);

  /** {@link #CONNECTED} if a link to that peer is established; if not, why, in a word or two. */
  String linkState(NodeId peer);

  /**
   * What the node takes from the links. All methods are callable from any thread and return at
   * once: they enqueue.
   */
  interface Receiver {
    /** A message from that peer, checked for ranges, contiguity and checksums. */
    void received(NodeId from, PeerMessage message, int sizeBytes);

    /**
     * The current, once established link to that peer broke, or the one from it: then all that it
     * said on it was received before. A peer that ends breaks both, in any order.
     */
    void linkLost(NodeId peer);

    /** The link to that peer is established (again). */
    void linkEstablished(NodeId peer);

    /**
     * A peer that leads that term offers a snapshot. The answer may be given on any thread, exactly
     * once.
     */
    void snapshotOffered(
        NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer);

    /** A follower forwards a write; the answer may be given on any thread, exactly once. */
    void forwarded(NodeId from, ForwardRequest request, Consumer<ForwardReply> answer);

    /** A peer has lost some of its log; the answer may be given on any thread, exactly once. */
    void logAsked(NodeId from, LogQuestion question, Consumer<LogPage> answer);
  }

  /**
   * A client's write on its way to the leader.
   *
   * @param command for the state machine
   * @param identified whether it carries (client_id, seq_num), so that sending it twice is safe
   * @param remainingNanos how long the receiver may take; shorter than the caller's own
   */
  record ForwardRequest(Bytes command, boolean identified, long remainingNanos) {}
}
