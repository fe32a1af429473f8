package raftkv.bench.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import raftkv.bench.target.Failure;

/** Connections with the settings that every gRPC target has, those of kv-client. */
final class Channels implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("bench-loop", true), NioIoHandler.newFactory());

  private final List<ManagedChannel> channels = new ArrayList<>();

  /** A connection to {@code host:port}, made at the first call. */
  ManagedChannel open(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    channels.add(channel);
    return channel;
  }

  /**
   * What a failed call means for a put: a system under test is not believed to have done nothing.
   */
  static Failure failure(Throwable thrown) {
    Status status = Status.fromThrowable(thrown);
    return Failure.unknown(status.getCode().name());
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    var unused = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }
}
