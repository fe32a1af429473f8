package raftkv.transport;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.port.ForwardReply;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;
import raftkv.runtime.ExecutorEventLoop;

/** One node's transport on real loopback sockets, with what it hears kept in a queue. */
final class TestLink implements AutoCloseable, Transport.Receiver {
  static final long PATIENCE_SECONDS = 20;

  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final BlockingQueue<PeerMessage> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  final ExecutorEventLoop loop;
  final GrpcTransport transport;
  volatile Consumer<Consumer<ForwardReply>> onForward =
      answer -> answer.accept(new ForwardReply.Unknown("not expected"));
  volatile Transport.@Nullable ForwardRequest forwarded;
  volatile Consumer<Consumer<SnapshotAnswer>> onSnapshot =
      answer -> answer.accept(new SnapshotAnswer.Declined("not expected"));

  private final NettyLoop netty;
  private final Server server;

  TestLink(PeerSettings settings, int port, @Nullable ClusterId clusterId) {
    netty = new NettyLoop("kv-" + settings.self() + "-loop");
    loop = new ExecutorEventLoop(netty.executor(), (thread, failure) -> failures.add(failure));
    transport = new GrpcTransport(settings, loop, netty, clusterId, new Incarnation(7, 7));
    ServerBuilder<?> builder =
        netty.server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4 << 20).get();
    try {
      server = builder.addService(transport.service().get()).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PeerSettings settings(int self, long run, Map<Integer, Integer> peerPorts) {
    return settings(self, run, peerPorts, PeerSettings.Limits.DEFAULT);
  }

  static PeerSettings settings(
      int self, long run, Map<Integer, Integer> peerPorts, PeerSettings.Limits limits) {
    TreeMap<NodeId, PeerAddress> peers = new TreeMap<>();
    peerPorts.forEach((id, port) -> peers.put(new NodeId(id), new PeerAddress("127.0.0.1", port)));
    return new PeerSettings(
        new NodeId(self), peers, run, "test", 150_000_000, 300_000_000, 50_000_000, limits);
  }

  /** What a peer that has lost text gets from here. */
  volatile Function<LogQuestion, LogPage> pages = question -> new LogPage.NoAnchor();

  LogPage fetchLog(int from, LogQuestion question) throws Exception {
    CompletableFuture<LogPage> page = new CompletableFuture<>();
    loop.execute(() -> transport.fetchLog(new NodeId(from), question, page::complete));
    return page.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  TestLink start() {
    loop.execute(() -> transport.start(this));
    return this;
  }

  <T> T onLoop(Supplier<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> result.complete(task.get()));
    return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void send(int to, PeerMessage message) {
    loop.execute(() -> transport.send(new NodeId(to), message));
  }

  String linkState(int peer) throws Exception {
    return onLoop(() -> transport.linkState(new NodeId(peer)));
  }

  @Nullable String nextEvent() throws InterruptedException {
    return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Nullable PeerMessage nextMessage() throws InterruptedException {
    return messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void received(NodeId from, PeerMessage message, int sizeBytes) {
    messages.add(message);
  }

  @Override
  public void linkLost(NodeId peer) {
    events.add("lost " + peer);
  }

  @Override
  public void linkEstablished(NodeId peer) {
    events.add("established " + peer);
  }

  @Override
  public void forwarded(
      NodeId from, Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    forwarded = request;
    onForward.accept(answer);
  }

  @Override
  public void snapshotOffered(
      NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
    events.add("offered " + from + "@" + term + " " + file);
    onSnapshot.accept(answer);
  }

  @Override
  public void logAsked(NodeId from, LogQuestion question, Consumer<LogPage> answer) {
    answer.accept(pages.apply(question));
  }

  /** As a killed process: everything is gone at once. */
  @Override
  public void close() {
    loop.execute(transport::close);
    loop.close();
    server.shutdownNow();
    netty.close();
  }
}
