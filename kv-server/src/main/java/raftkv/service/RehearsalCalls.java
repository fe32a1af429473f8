package raftkv.service;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.CountRequest;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.MembersRequest;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.SnapshotRequest;
import raftkv.proto.kv.v1.StateHashRequest;
import raftkv.proto.kv.v1.StatusRequest;

/**
 * What is called of a node when the program is built, so that the classes it needs are known; see
 * {@code raftkv.server.Rehearsal}. For one thread.
 */
public final class RehearsalCalls implements AutoCloseable {
  private static final long PATIENCE_S = 60;
  private static final int WRITES = 50;
  private static final String CLIENT = "rehearsal";

  private final ManagedChannel channel;
  private final KvServiceGrpc.KvServiceBlockingStub data;
  private final KvServiceGrpc.KvServiceStub streams;
  private final ClusterServiceGrpc.ClusterServiceBlockingStub cluster;
  private final HealthGrpc.HealthBlockingStub health;

  /** To the node that listens at that port of the loopback. */
  public RehearsalCalls(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
    data = KvServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS);
    streams = KvServiceGrpc.newStub(channel).withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS);
    cluster =
        ClusterServiceGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS);
    health = HealthGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS);
  }

  /**
   * Every call.
   *
   * @throws RuntimeException if one did not go as it should
   */
  public void all() {
    writesAndReads();
    inSession();
    pipelined();
    refused();
    ofTheCluster();
  }

  /**
   * The calls without a session; returns who leads.
   *
   * @throws RuntimeException if one did not go as it should
   */
  public int writesAndReads() {
    ByteString bytes = ByteString.copyFrom(new byte[] {-1});
    for (int i = 0; i < WRITES; i++) {
      data.put(PutRequest.newBuilder().setKey("k" + i).setValue("v").build());
    }
    data.put(PutRequest.newBuilder().setKey("bytes").setBytesValue(bytes).build());
    data.compareAndSet(
        CompareAndSetRequest.newBuilder().setKey("k0").setExpectedValue("v").setValue("w").build());
    data.delete(DeleteRequest.newBuilder().setKey("k1").build());
    data.get(GetRequest.newBuilder().setKey("k0").setRead(stale()).build());
    data.list(ListRequest.newBuilder().setPrefix("k").setPageSize(WRITES / 2).build());
    data.count(CountRequest.newBuilder().build());
    return data.get(GetRequest.newBuilder().setKey("bytes").build()).getHeader().getLeaderId();
  }

  /** Writes, alone and in pipelines, whatever becomes of them; returns how many were refused. */
  public int writeUntil(BooleanSupplier over) {
    PutRequest put = PutRequest.newBuilder().setKey("k").setValue("v").build();
    int refused = 0;
    while (!over.getAsBoolean()) {
      try {
        data.put(put);
        pipelined();
      } catch (StatusRuntimeException | CompletionException asMayBe) {
        refused++;
      }
    }
    return refused;
  }

  private static ReadOptions stale() {
    return ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_STALE).build();
  }

  private void inSession() {
    PutRequest put =
        PutRequest.newBuilder().setKey("s").setValue("v").setClientId(CLIENT).setSeqNum(1).build();
    data.put(put);
    data.put(put);
    data.getRequestOutcome(
        GetRequestOutcomeRequest.newBuilder().setClientId(CLIENT).setSeqNum(1).build());
  }

  private void pipelined() {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    StreamObserver<PipelineRequest> requests =
        streams.pipeline(
            new StreamObserver<>() {
              @Override
              public void onNext(PipelineResponse answers) {}

              @Override
              public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                ended.complete(null);
              }
            });
    for (int i = 1; i <= WRITES; i++) {
      PutRequest put =
          PutRequest.newBuilder()
              .setKey("p" + i)
              .setValue("v")
              .setClientId(CLIENT)
              .setSeqNum(1L + i)
              .build();
      GetRequest get = GetRequest.newBuilder().setKey("p" + i).build();
      requests.onNext(
          PipelineRequest.newBuilder()
              .addCalls(PipelineCall.newBuilder().setId(2L * i).setPut(put))
              .addCalls(PipelineCall.newBuilder().setId(2L * i + 1).setGet(get))
              .build());
    }
    requests.onCompleted();
    ended.join();
  }

  private void refused() {
    try {
      data.get(GetRequest.newBuilder().build());
    } catch (StatusRuntimeException asMeant) {
      return;
    }
    throw new IllegalStateException("a request without a key was answered");
  }

  private void ofTheCluster() {
    health.check(HealthCheckRequest.getDefaultInstance());
    cluster.status(StatusRequest.getDefaultInstance());
    cluster.members(MembersRequest.getDefaultInstance());
    cluster.snapshot(SnapshotRequest.getDefaultInstance());
    cluster.stateHash(StateHashRequest.getDefaultInstance());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
