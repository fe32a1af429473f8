package raftkv.transport;

import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.Transport;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;

/**
 * Links to the other members over gRPC. The other members' calls come in through {@link #service},
 * on the same port as everybody's. Owned by the event loop, but for {@link #service}.
 */
public final class GrpcTransport implements Transport, AutoCloseable {
  private final PeerSettings settings;
  private final EventLoop loop;
  private final NettyLoop netty;
  private final Handshake handshake;
  private final SparseLog sparseLog;
  private final InboundLinks inbound;
  private final ForwardServer forwardServer;
  private final SnapshotServer snapshotServer;
  private final FetchLogServer fetchLogServer;

  /** Empty until the start. */
  private final SortedMap<NodeId, Peer> peers = new TreeMap<>();

  /** A peer with what goes to it. */
  private record Peer(
      PeerLink link, ForwardClient forwards, SnapshotClient snapshots, FetchLogClient questions) {}

  /**
   * Links that are not dialled yet.
   *
   * @param clusterId as far as this node's own log or identity names it
   * @param incarnation of this node's data, for the other side's log
   */
  public GrpcTransport(
      PeerSettings settings,
      EventLoop loop,
      NettyLoop netty,
      @Nullable ClusterId clusterId,
      Incarnation incarnation) {
    this.settings = settings;
    this.loop = loop;
    this.netty = netty;
    this.handshake = new Handshake(settings, clusterId);
    this.handshake.incarnationKnown(incarnation);
    this.sparseLog = new SparseLog(loop::nowNanos);
    this.inbound =
        new InboundLinks(
            settings, handshake, sparseLog, peer -> loop.execute(() -> peerHeard(peer)));
    this.forwardServer = new ForwardServer(loop, handshake, inbound);
    this.snapshotServer = new SnapshotServer(settings, handshake, inbound);
    this.fetchLogServer = new FetchLogServer(handshake, inbound);
  }

  /**
   * The service that peers call; to be added to this node's server before it starts. Behind a
   * supplier, so that the composition root can pass it on without knowing gRPC.
   */
  public Supplier<ServerServiceDefinition> service() {
    return this::definition;
  }

  private ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(PeerMethods.SERVICE)
        .addMethod(PeerMethods.EXCHANGE, ServerCalls.asyncBidiStreamingCall(inbound::open))
        .addMethod(PeerMethods.FORWARD, ServerCalls.asyncBidiStreamingCall(forwardServer::open))
        .addMethod(
            PeerMethods.INSTALL_SNAPSHOT, ServerCalls.asyncBidiStreamingCall(snapshotServer::open))
        .addMethod(PeerMethods.FETCH_LOG, ServerCalls.asyncUnaryCall(fetchLogServer::fetch))
        .build();
  }

  @Override
  public void start(Receiver receiver) {
    Check.that(peers.isEmpty(), "links are started once");
    settings.peers().forEach((peer, address) -> peers.put(peer, peer(peer, address, receiver)));
    inbound.start(receiver);
    for (Peer peer : peers.values()) {
      peer.link().dial();
    }
  }

  private Peer peer(NodeId peer, PeerAddress address, Receiver receiver) {
    PeerSettings.Limits limits = settings.limits();
    Supplier<ManagedChannel> channels = () -> netty.channel(address, limits);
    PeerLink link = new PeerLink(peer, loop, handshake, channels, limits, receiver, sparseLog);
    return new Peer(
        link,
        new ForwardClient(settings.self(), peer, loop, handshake, link),
        new SnapshotClient(settings.self(), peer, loop, channels, link, limits),
        new FetchLogClient(settings.self(), peer, loop, handshake, link));
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    peer(to).link().send(message);
  }

  @Override
  public void clusterIdKnown(ClusterId clusterId) {
    ClusterId before = handshake.clusterId();
    if (clusterId.equals(before)) {
      return;
    }
    handshake.clusterIdKnown(clusterId);
    for (Peer peer : peers.values()) {
      peer.link().announce(clusterId);
    }
    inbound.announce(clusterId);
  }

  @Override
  public void forward(NodeId to, ForwardRequest request, Consumer<ForwardReply> answer) {
    peer(to).forwards().forward(request, answer);
  }

  @Override
  public void sendSnapshot(
      NodeId to, long term, SnapshotFile file, SnapshotSource source, Consumer<Boolean> done) {
    peer(to).snapshots().send(term, file, source, done);
  }

  @Override
  public void abandonSnapshot(NodeId to) {
    peer(to).snapshots().abandon("given up");
  }

  @Override
  public void fetchLog(NodeId to, LogQuestion question, Consumer<LogPage> answer) {
    peer(to).questions().ask(question, answer);
  }

  @Override
  public String linkState(NodeId peer) {
    Peer known = peers.get(peer);
    return known == null ? "not dialled" : known.link().state();
  }

  /** Ends all links, those of the peers as well. On the loop. */
  @Override
  public void close() {
    inbound.close();
    for (Peer peer : peers.values()) {
      peer.link().close();
    }
  }

  private void peerHeard(NodeId peer) {
    Peer known = peers.get(peer);
    if (known != null) {
      known.link().peerHeard();
    }
  }

  private Peer peer(NodeId to) {
    Peer known = peers.get(to);
    if (known == null) {
      throw new IllegalArgumentException("node " + to + " is no peer, or not started");
    }
    return known;
  }
}
