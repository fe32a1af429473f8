package raftkv.bench.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetResponse;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;

/**
 * What a call costs when nothing is done for it: the messages of this system, the server's settings
 * too, and every answer at once. It stores nothing, so every get finds the last value put.
 */
public final class EchoServer {
  private EchoServer() {}

  /** Serves on the port that is the one argument, until it is killed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("echo-loop"), NioIoHandler.newFactory());
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .directExecutor()
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .channelType(NioServerSocketChannel.class)
            .addService(new Echo())
            .build()
            .start();
    System.out.println("serving on " + server.getPort());
    server.awaitTermination();
  }

  private static final class Echo extends KvServiceGrpc.KvServiceImplBase {
    /** Written and read by calls on the one loop. */
    private ByteString last = ByteString.EMPTY;

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> answer) {
      last = request.getBytesValue();
      answer.onNext(PutResponse.newBuilder().setModIndex(1).setCreateIndex(1).build());
      answer.onCompleted();
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> answer) {
      answer.onNext(GetResponse.newBuilder().setFound(true).setBytesValue(last).build());
      answer.onCompleted();
    }
  }
}
