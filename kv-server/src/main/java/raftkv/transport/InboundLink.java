package raftkv.transport;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import raftkv.port.PeerMessage;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ClusterIdKnown;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.ExchangeResponse;
import raftkv.proto.raft.v1.Hello;
import raftkv.proto.raft.v1.Pong;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * One stream that a peer has opened. Messages come on gRPC's thread, one at a time; what goes back
 * may come from the loop as well and is guarded by this.
 */
final class InboundLink implements StreamObserver<ExchangeRequest> {
  private final InboundLinks links;
  private final StreamObserver<ExchangeResponse> responses;

  /** Written on gRPC's thread under this, read by it alone without. */
  private @Nullable Hello hello;

  private @Nullable MessageReader reader;

  /** Guarded by this. */
  private boolean closed;

  InboundLink(InboundLinks links, StreamObserver<ExchangeResponse> responses) {
    this.links = links;
    this.responses = responses;
  }

  /** Whether that Hello was sent before this stream's: same run, lower number. */
  synchronized boolean isNewerThan(Hello other) {
    Hello own = hello;
    return own != null
        && own.getRun() == other.getRun()
        && own.getLinkNumber() >= other.getLinkNumber();
  }

  @Override
  public void onNext(ExchangeRequest frame) {
    if (isClosed()) {
      return;
    }
    try {
      if (reader == null) {
        onHello(frame);
      } else {
        onFrame(frame, reader);
      }
    } catch (BadPeerMessage bad) {
      links.warn("closed the stream of " + peerName(), "bad message: " + bad.getMessage());
      end(Status.INVALID_ARGUMENT.withDescription(bad.getMessage()));
    }
  }

  private void onHello(ExchangeRequest frame) {
    BadPeerMessage.unless(frame.hasHello(), "the first message is no Hello");
    Hello theirs = frame.getHello();
    NodeId peer = MessageReader.node(theirs.getSender(), "sender");
    if (!links.isOpen()) {
      end(Status.UNAVAILABLE.withDescription("starting or stopping"));
      return;
    }
    String refusal = links.accept(this, theirs);
    if (refusal != null) {
      links.warn("refused node " + peer, refusal);
      end(Status.FAILED_PRECONDITION.withDescription(refusal));
      return;
    }
    synchronized (this) {
      hello = theirs;
    }
    reader = new MessageReader(peer, links.self());
    respond(
        ExchangeResponse.newBuilder()
            .setHello(links.handshake().hello(peer, theirs.getLinkNumber()))
            .build());
    links.opened(peer);
  }

  private void onFrame(ExchangeRequest frame, MessageReader from) {
    switch (frame.getFrameCase()) {
      case CORE -> deliver(from.core(frame.getCore()), frame.getSerializedSize());
      case DIGEST -> deliver(from.digest(frame.getDigest()), frame.getSerializedSize());
      case DIGEST_WANTED ->
          deliver(MessageReader.digestWanted(frame.getDigestWanted()), frame.getSerializedSize());
      case SNAPSHOT_WANTED ->
          deliver(
              MessageReader.snapshotWanted(frame.getSnapshotWanted()), frame.getSerializedSize());
      case PING ->
          respond(
              ExchangeResponse.newBuilder()
                  .setPong(Pong.newBuilder().setNumber(frame.getPing().getNumber()))
                  .build());
      case CLUSTER_ID_KNOWN -> onClusterId(frame.getClusterIdKnown());
      case HELLO -> throw new BadPeerMessage("a second Hello on one stream");
      case FRAME_NOT_SET -> throw new BadPeerMessage("a frame of a kind not known here");
    }
  }

  private void onClusterId(ClusterIdKnown known) {
    String refusal =
        links
            .handshake()
            .clusterRefusal(sender().value(), WireBytes.clusterId(known.getClusterId()));
    if (refusal != null) {
      links.warn("refused node " + sender(), refusal);
      end(Status.FAILED_PRECONDITION.withDescription(refusal));
    }
  }

  private void deliver(PeerMessage message, int sizeBytes) {
    Transport.Receiver receiver = links.receiver();
    if (receiver != null) {
      receiver.received(sender(), message, sizeBytes);
    }
  }

  void announce(ClusterId clusterId) {
    respond(
        ExchangeResponse.newBuilder()
            .setClusterIdKnown(
                ClusterIdKnown.newBuilder().setClusterId(WireBytes.ofClusterId(clusterId)))
            .build());
  }

  void superseded() {
    end(Status.ABORTED.withDescription("superseded by a newer stream"));
  }

  void stopping() {
    end(Status.UNAVAILABLE.withDescription("stopping"));
  }

  /** The connection broke, or the peer gave the stream up. */
  void gone() {
    end(null);
  }

  @Override
  public void onError(Throwable broken) {
    gone();
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void respond(ExchangeResponse response) {
    if (!closed) {
      responses.onNext(response);
    }
  }

  /** Ends the stream once; null if it is broken anyway. */
  private void end(@Nullable Status status) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (status != null && status.isOk()) {
        responses.onCompleted();
      } else if (status != null) {
        responses.onError(status.asRuntimeException());
      }
    }
    if (reader != null) {
      links.closed(sender(), this);
    }
  }

  private NodeId sender() {
    Hello theirs = hello;
    if (theirs == null) {
      throw new IllegalStateException("before the Hello");
    }
    return new NodeId(theirs.getSender());
  }

  private String peerName() {
    return hello == null ? "a caller that said no Hello" : "node " + sender();
  }
}
