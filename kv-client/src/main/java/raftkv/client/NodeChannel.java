package raftkv.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.KvServiceGrpc;

/**
 * The connection to one endpoint, made at the first call. gRPC's own retries are off, the
 * transparent ones too: what is sent is what the engine sends.
 */
final class NodeChannel {
  private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
  private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  /**
   * A connection whose other end has vanished without a word is found out after both of these
   * together, and what was sent on it goes elsewhere. Servers allow a ping every 5 s; gRPC itself
   * takes less than 10 s for 10.
   */
  private static final int KEEPALIVE_SECONDS = 10;

  private static final int KEEPALIVE_TIMEOUT_SECONDS = 3;

  private final String name;
  private final ClientLoop loop;
  private final ManagedChannel channel;
  private @Nullable Pipeline pipeline;

  NodeChannel(Address address, ClientLoop loop) {
    name = address.toString();
    this.loop = loop;
    channel =
        builder(address)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .eventLoopGroup(loop.group())
            .channelType(NioSocketChannel.class)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .build();
  }

  /**
   * The loopback needs no resolver, whose classes cost a command line 50 ms; every other name is
   * resolved anew at each connect, since a container comes back under another address.
   */
  private static NettyChannelBuilder builder(Address address) {
    if (address.host().equals("localhost") || address.host().startsWith("127.")) {
      return NettyChannelBuilder.forAddress(new InetSocketAddress(address.host(), address.port()));
    }
    return NettyChannelBuilder.forAddress(address.host(), address.port());
  }

  /** Sends one message, once. Never throws; the channel's own pause between connects is skipped. */
  <Q, A> void call(MethodDescriptor<Q, A> method, Q message, long timeoutNanos, Ending<A> ending) {
    connectNow();
    Witness witness = new Witness();
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(witness);
    ClientCall<Q, A> call = channel.newCall(method, options);
    call.start(new Listener<>(ending, witness), new Metadata());
    call.request(2);
    call.sendMessage(message);
    call.halfClose();
  }

  /** The requests that share a stream to this node. On the loop. */
  Pipeline pipeline() {
    Pipeline known = pipeline;
    if (known == null) {
      known = new Pipeline(this, loop);
      pipeline = known;
    }
    return known;
  }

  /** A stream of that pipeline, not started yet. */
  PipelineStream newPipelineStream(Pipeline of) {
    connectNow();
    Witness witness = new Witness();
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(witness);
    return new PipelineStream(
        of, loop, channel.newCall(KvServiceGrpc.getPipelineMethod(), options), witness);
  }

  private void connectNow() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  void close() {
    channel.shutdownNow();
  }

  @Override
  public String toString() {
    return name;
  }

  /** Takes the one answer of a unary call. */
  private static final class Listener<A> extends ClientCall.Listener<A> {
    private final Ending<A> ending;
    private final Witness witness;
    private @Nullable A answer;

    Listener(Ending<A> ending, Witness witness) {
      this.ending = ending;
      this.witness = witness;
    }

    @Override
    public void onMessage(A message) {
      answer = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      A complete = answer;
      if (status.isOk() && complete != null) {
        ending.onAnswer(complete);
      } else {
        ending.onFailure(ErrorReader.read(status, trailers, witness.handedOver));
      }
    }
  }

  /**
   * Sees whether a call is given to a real connection. Before that not one byte of it has left, so
   * "connection refused" is certain not to have applied anything; afterwards nobody knows.
   */
  static final class Witness extends ClientStreamTracer.Factory {
    /** Written by the thread that picks the connection, read by the one that ends the call. */
    private volatile boolean handedOver;

    boolean handedOver() {
      return handedOver;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(io.grpc.Attributes transport, Metadata sent) {
          handedOver = true;
        }
      };
    }
  }
}
