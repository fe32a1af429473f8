package raftkv.service;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.StatusRequest;

/**
 * Calls the own server once before the node takes part in elections. The first call of each kind
 * loads hundreds of classes on the network thread, which takes longer than an election timeout: it
 * would cost the leader its leadership, just when its first client comes.
 */
final class WarmUp {
  private static final long PATIENCE_SECONDS = 5;

  private final ManagedChannel channel;

  /** Over a channel to the own server, which is closed at the end. */
  WarmUp(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Runs all calls; whatever goes wrong is no reason not to start. */
  void run() {
    try {
      attempt(
          () ->
              ClusterServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .status(StatusRequest.getDefaultInstance()));
      // Refused for its empty key, so that it has no effect, but an error with details.
      attempt(
          () ->
              KvServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .put(PutRequest.getDefaultInstance()));
      attempt(
          () ->
              HealthGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.getDefaultInstance()));
      pipeline();
      reflection();
    } finally {
      channel.shutdownNow();
    }
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException expected) {
      // What counts is that the call went all the way through.
      return;
    }
  }

  /** One call, refused for its empty key. */
  private void pipeline() {
    Silence<PipelineResponse> answers = new Silence<>();
    StreamObserver<PipelineRequest> calls =
        KvServiceGrpc.newStub(channel)
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .pipeline(answers);
    calls.onNext(
        PipelineRequest.newBuilder()
            .addCalls(PipelineCall.newBuilder().setPut(PutRequest.getDefaultInstance()))
            .build());
    calls.onCompleted();
    answers.await();
  }

  private void reflection() {
    Silence<ServerReflectionResponse> answers = new Silence<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .serverReflectionInfo(answers);
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    questions.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol(KvServiceGrpc.SERVICE_NAME)
            .build());
    questions.onCompleted();
    answers.await();
  }

  /** Answers that were made only so that they can be made faster the next time. */
  private static final class Silence<T> implements StreamObserver<T> {
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onNext(T answer) {
      // Nothing to learn from it.
    }

    @Override
    public void onError(Throwable failure) {
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }

    void await() {
      try {
        ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
