package raftkv.client.fake;

import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;

/** Treats each call of a pipeline as if it had come alone. */
final class FakePipeline implements StreamObserver<PipelineRequest> {
  private final FakeKvService service;
  private final StreamObserver<PipelineResponse> out;
  private boolean ended;

  FakePipeline(FakeKvService service, StreamObserver<PipelineResponse> out) {
    this.service = service;
    this.out = out;
  }

  @Override
  public void onNext(PipelineRequest message) {
    message.getCallsList().forEach(this::treat);
  }

  private void treat(PipelineCall call) {
    switch (call.getCallCase()) {
      case PUT -> service.put(call.getPut(), reply(call, PipelineAnswer.Builder::setPut));
      case GET -> service.get(call.getGet(), reply(call, PipelineAnswer.Builder::setGet));
      case DELETE ->
          service.delete(call.getDelete(), reply(call, PipelineAnswer.Builder::setDelete));
      case COMPARE_AND_SET ->
          service.compareAndSet(
              call.getCompareAndSet(), reply(call, PipelineAnswer.Builder::setCompareAndSet));
      case LIST -> service.list(call.getList(), reply(call, PipelineAnswer.Builder::setList));
      case COUNT -> service.count(call.getCount(), reply(call, PipelineAnswer.Builder::setCount));
      case GET_REQUEST_OUTCOME ->
          service.getRequestOutcome(
              call.getGetRequestOutcome(),
              reply(call, PipelineAnswer.Builder::setGetRequestOutcome));
      case CALL_NOT_SET -> throw new IllegalArgumentException("an empty call: " + call);
    }
  }

  private <A> StreamObserver<A> reply(
      PipelineCall call, BiConsumer<PipelineAnswer.Builder, A> setter) {
    PipelineAnswer.Builder answer = PipelineAnswer.newBuilder().setId(call.getId());
    return new StreamObserver<>() {
      @Override
      public void onNext(A response) {
        setter.accept(answer, response);
      }

      @Override
      public void onError(Throwable failure) {
        send(answer.setError(StatusProto.fromThrowable(failure)).build());
      }

      @Override
      public void onCompleted() {
        send(answer.build());
      }
    };
  }

  private synchronized void send(PipelineAnswer answer) {
    if (!ended) {
      out.onNext(PipelineResponse.newBuilder().addAnswers(answer).build());
    }
  }

  synchronized void end(StatusRuntimeException status) {
    if (!ended) {
      ended = true;
      out.onError(status);
    }
  }

  @Override
  public synchronized void onError(Throwable gone) {
    ended = true;
  }

  @Override
  public synchronized void onCompleted() {
    ended = true;
    out.onCompleted();
  }
}
