package raftkv.transport;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.ExchangeResponse;
import raftkv.proto.raft.v1.Hello;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * The streams that peers have opened to this node: of each peer, only the newest delivers (safety
 * rule 1.4).
 */
final class InboundLinks {
  private final PeerSettings settings;
  private final Handshake handshake;
  private final SparseLog sparseLog;
  private final Consumer<NodeId> peerHeard;

  /** Guarded by this: gRPC's thread opens and closes, the loop announces. */
  private final TreeMap<NodeId, InboundLink> current = new TreeMap<>();

  /** Set on the loop before the first delivery; until then streams are refused. */
  private volatile Transport.@Nullable Receiver receiver;

  /**
   * All streams to this node.
   *
   * @param peerHeard told of each peer whose Hello fits
   */
  InboundLinks(
      PeerSettings settings, Handshake handshake, SparseLog sparseLog, Consumer<NodeId> peerHeard) {
    this.settings = settings;
    this.handshake = handshake;
    this.sparseLog = sparseLog;
    this.peerHeard = peerHeard;
  }

  void start(Transport.Receiver target) {
    receiver = target;
  }

  /** Whether this node takes messages: not before it has started, not when it stops. */
  boolean isOpen() {
    return receiver != null;
  }

  Transport.@Nullable Receiver receiver() {
    return receiver;
  }

  Handshake handshake() {
    return handshake;
  }

  NodeId self() {
    return settings.self();
  }

  /** A new stream; its peer is known with the first message. */
  StreamObserver<ExchangeRequest> open(StreamObserver<ExchangeResponse> responses) {
    InboundLink link = new InboundLink(this, responses);
    // With a handler, announcing something to a peer that is just gone is no exception any more.
    ((ServerCallStreamObserver<ExchangeResponse>) responses).setOnCancelHandler(link::gone);
    return link;
  }

  /**
   * Takes the stream as its peer's newest, and ends the one before.
   *
   * @return null, or why not
   */
  @Nullable String accept(InboundLink link, Hello hello) {
    String refusal = handshake.refusal(hello, null);
    if (refusal != null) {
      return refusal;
    }
    NodeId peer = new NodeId(hello.getSender());
    InboundLink before;
    synchronized (this) {
      before = current.get(peer);
      if (before != null && before.isNewerThan(hello)) {
        return "a newer stream of node " + peer + " is open";
      }
      current.put(peer, link);
    }
    if (before != null) {
      before.superseded();
    }
    String warning = handshake.warning(hello);
    if (warning != null) {
      sparseLog.warn("times of node " + peer, warning);
    }
    return null;
  }

  /** The stream has said Hello in both directions. */
  void opened(NodeId peer) {
    peerHeard.accept(peer);
  }

  /** The stream has ended; behind its last message, if it was its peer's newest, that is told. */
  void closed(NodeId peer, InboundLink link) {
    boolean wasNewest;
    synchronized (this) {
      wasNewest = current.remove(peer, link);
    }
    Transport.Receiver target = receiver;
    if (wasNewest && target != null) {
      target.linkLost(peer);
    }
  }

  void warn(String subject, String sentence) {
    sparseLog.warn(subject, sentence);
  }

  /** Tells every open stream the id that it did not get with the Hello. */
  void announce(ClusterId clusterId) {
    for (InboundLink link : links()) {
      link.announce(clusterId);
    }
  }

  /** Ends all streams: the node stops. */
  void close() {
    receiver = null;
    for (InboundLink link : links()) {
      link.stopping();
    }
  }

  private synchronized List<InboundLink> links() {
    return new ArrayList<>(current.values());
  }
}
