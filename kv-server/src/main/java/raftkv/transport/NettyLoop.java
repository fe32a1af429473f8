package raftkv.transport;

import io.grpc.ManagedChannel;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one network thread of the process, shared by the server, all channels to peers and the node
 * itself, and how server and channels are set up on it. Everything runs on it directly: what it
 * calls parses, enqueues and returns (two cores are better spent without a hand-over to a pool).
 */
public final class NettyLoop implements AutoCloseable {
  private static final int CONCURRENT_CALLS = 1_024;
  private static final int METADATA_BYTES = 8 << 10;

  /** How sockets are worked with: Linux's own way where there is one, else Java's. */
  private enum Sockets {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class) {
      @Override
      IoHandlerFactory handler() {
        return EpollIoHandler.newFactory();
      }
    },
    NIO(NioServerSocketChannel.class, NioSocketChannel.class) {
      @Override
      IoHandlerFactory handler() {
        return NioIoHandler.newFactory();
      }
    };

    final Class<? extends ServerChannel> server;
    final Class<? extends Channel> client;

    Sockets(Class<? extends ServerChannel> server, Class<? extends Channel> client) {
      this.server = server;
      this.client = client;
    }

    abstract IoHandlerFactory handler();
  }

  private final Sockets sockets = Epoll.isAvailable() ? Sockets.EPOLL : Sockets.NIO;
  private final MultiThreadIoEventLoopGroup group;
  private final EventExecutor thread;

  /** Starts the thread with that name; it keeps the process alive. */
  public NettyLoop(String threadName) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(threadName, false), sockets.handler());
    this.thread = group.next();
    // The factory adds numbers, as of one among many.
    thread.execute(() -> Thread.currentThread().setName(threadName));
  }

  /**
   * The thread, for other work than the network's: what is given runs once all that is there is
   * read.
   */
  public ScheduledExecutorService executor() {
    return thread;
  }

  /**
   * A server that is not started yet, without services. Behind a supplier, so that the composition
   * root can pass it on without knowing gRPC.
   *
   * @param address where to listen
   * @param inboundMessageBytes largest message taken
   */
  public Supplier<ServerBuilder<?>> server(InetSocketAddress address, int inboundMessageBytes) {
    return () -> builder(address, inboundMessageBytes);
  }

  private ServerBuilder<?> builder(InetSocketAddress address, int inboundMessageBytes) {
    return NettyServerBuilder.forAddress(address)
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(sockets.server)
        // A restarted node must get its port back although old connections linger in TIME_WAIT.
        .withOption(ChannelOption.SO_REUSEADDR, true)
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .directExecutor()
        .maxInboundMessageSize(inboundMessageBytes)
        .maxInboundMetadataSize(METADATA_BYTES)
        .maxConcurrentCallsPerConnection(CONCURRENT_CALLS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS);
  }

  /** A channel to that address, behind a supplier as the server. */
  public Supplier<ManagedChannel> channelTo(PeerAddress address) {
    return () -> channel(address, PeerSettings.Limits.DEFAULT);
  }

  /** A channel to a peer: connects when it is first used, retries nothing by itself. */
  ManagedChannel channel(PeerAddress address, PeerSettings.Limits limits) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .eventLoopGroup(group)
        .channelType(sockets.client)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) (limits.connectNanos() / 1_000_000))
        .withOption(ChannelOption.TCP_NODELAY, true)
        .directExecutor()
        .usePlaintext()
        .disableRetry()
        .disableServiceConfigLookUp()
        .proxyDetector(NettyLoop::noProxy)
        .maxInboundMessageSize(limits.inboundMessageBytes())
        .maxInboundMetadataSize(METADATA_BYTES)
        .build();
  }

  private static @Nullable ProxiedSocketAddress noProxy(SocketAddress target) {
    return null;
  }

  /** Ends the thread, without the usual quiet period. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).awaitUninterruptibly(500);
  }
}
