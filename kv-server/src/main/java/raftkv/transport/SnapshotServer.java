package raftkv.transport;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.InstallSnapshotRequest;
import raftkv.proto.raft.v1.InstallSnapshotResponse;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/** Takes the snapshots that peers offer. On gRPC's thread. */
final class SnapshotServer {
  private final PeerSettings settings;
  private final Handshake handshake;
  private final InboundLinks links;

  SnapshotServer(PeerSettings settings, Handshake handshake, InboundLinks links) {
    this.settings = settings;
    this.handshake = handshake;
    this.links = links;
  }

  StreamObserver<InstallSnapshotRequest> open(StreamObserver<InstallSnapshotResponse> responses) {
    ServerCallStreamObserver<InstallSnapshotResponse> stream =
        (ServerCallStreamObserver<InstallSnapshotResponse>) responses;
    // One piece is asked for when the one before is written: that bounds the memory.
    stream.disableAutoRequest();
    IncomingSnapshot incoming = new IncomingSnapshot(this, stream);
    stream.setOnCancelHandler(incoming::gone);
    stream.request(1);
    return incoming;
  }

  Transport.@Nullable Receiver receiver() {
    return links.receiver();
  }

  int maxPieceBytes() {
    return settings.limits().snapshotPieceBytes();
  }

  void warn(NodeId sender, String sentence) {
    links.warn("refused a snapshot of node " + sender, sentence);
  }

  /** Why that offer is not for this node, or null. */
  @Nullable String refusal(SnapshotCodec.Route route, ClusterId clusterId) {
    return handshake.callRefusal(route.sender(), route.receiver().value(), clusterId);
  }
}
