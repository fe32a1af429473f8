package raftkv.service;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.kv.AnswerCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.node.WriteOutcome;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/** The services over an in-process channel, on top of a node that follows a script. */
final class ServiceFixture implements AutoCloseable {
  static final long ELECTION_NANOS = 300_000_000L;

  final ScriptedRequests requests = new ScriptedRequests();
  final TestLoop loop = new TestLoop();
  final KvStateMachine machine = new KvStateMachine();
  final Pipelines pipelines;
  final KvServiceGrpc.KvServiceBlockingStub kv;
  final ClusterServiceGrpc.ClusterServiceBlockingStub cluster;

  final ManagedChannel channel;

  private final Server server;

  ServiceFixture() {
    this(Way.UNARY);
  }

  /** The stub of the data service sends its requests in that way. */
  ServiceFixture(Way way) {
    TreeMap<NodeId, String> addresses = new TreeMap<>();
    addresses.put(new NodeId(2), "two:9002");
    addresses.put(new NodeId(3), "three:9003");
    Endpoints endpoints = new Endpoints(addresses);
    Errors errors = new Errors(endpoints, ELECTION_NANOS);
    DataRequests data = new DataRequests(requests, machine, endpoints, errors, KvLimits.DEFAULTS);
    pipelines = new Pipelines(loop, requests, data, errors);
    AnswerRoom room = new AnswerRoom(loop);
    String name = InProcessServerBuilder.generateName();
    try {
      server =
          InProcessServerBuilder.forName(name)
              .directExecutor()
              .addService(new KvCalls(requests, data, pipelines, room))
              .addService(new ClusterCalls(requests, machine, endpoints, errors, "test", room))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    KvServiceGrpc.KvServiceBlockingStub stub = KvServiceGrpc.newBlockingStub(channel);
    kv = way == Way.UNARY ? stub : stub.withInterceptors(new ByPipeline());
    cluster = ClusterServiceGrpc.newBlockingStub(channel);
  }

  /** Every write is applied, at one index, with this answer. */
  void answerWrites(KvAnswer answer) {
    requests.writeOutcome =
        new WriteOutcome.Applied(new LogPosition(80, 5), AnswerCodec.encode(answer), false);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** An error as a client sees it. */
  record Seen(
      Status.Code code,
      String reason,
      ErrorInfo info,
      @Nullable RetryInfo retry,
      @Nullable BadRequest badRequest,
      Metadata trailers,
      int detailBytes) {
    String value(String key) {
      return info.getMetadataOrDefault(key, "(absent)");
    }
  }

  static Seen seen(StatusRuntimeException thrown) {
    com.google.rpc.Status status =
        Objects.requireNonNull(StatusProto.fromThrowable(thrown), "details");
    ErrorInfo info = ErrorInfo.getDefaultInstance();
    RetryInfo retry = null;
    BadRequest bad = null;
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          info = detail.unpack(ErrorInfo.class);
        } else if (detail.is(RetryInfo.class)) {
          retry = detail.unpack(RetryInfo.class);
        } else if (detail.is(BadRequest.class)) {
          bad = detail.unpack(BadRequest.class);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
    return new Seen(
        thrown.getStatus().getCode(),
        info.getReason(),
        info,
        retry,
        bad,
        Objects.requireNonNull(thrown.getTrailers(), "trailers"),
        status.getSerializedSize());
  }
}
