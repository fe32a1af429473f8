package raftkv.service;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;

/** Sends unary calls of the data service through a pipeline each, so that any test can do so. */
final class ByPipeline implements ClientInterceptor {
  private static final long ID = 0x8000_0000_0000_0001L;

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return KvServiceGrpc.SERVICE_NAME.equals(method.getServiceName())
        ? new OneCall<>(method, options, next)
        : next.newCall(method, options);
  }

  private static final class OneCall<Q, A> extends ClientCall<Q, A> {
    private final String field;
    private final @Nullable Deadline deadline;
    private final Channel channel;
    private @Nullable Listener<A> listener;
    private @Nullable Q request;

    OneCall(MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
      String name = Objects.requireNonNull(method.getBareMethodName());
      this.field = name.replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      this.deadline = options.getDeadline();
      this.channel = channel;
    }

    @Override
    public void start(Listener<A> responses, Metadata headers) {
      listener = responses;
    }

    @Override
    public void sendMessage(Q message) {
      request = message;
    }

    @Override
    public void halfClose() {
      PipelineCall.Builder call = PipelineCall.newBuilder().setId(ID);
      FieldDescriptor kind = PipelineCall.getDescriptor().findFieldByName(field);
      call.setField(kind, Objects.requireNonNull(request));
      if (deadline != null) {
        call.setTimeoutMs((int) deadline.timeRemaining(TimeUnit.MILLISECONDS));
      }
      StreamObserver<PipelineRequest> calls =
          KvServiceGrpc.newStub(channel).pipeline(new Answer(Objects.requireNonNull(listener)));
      calls.onNext(PipelineRequest.newBuilder().addCalls(call).build());
      calls.onCompleted();
    }

    @Override
    public void request(int messages) {
      // One answer comes in any case.
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      // Blocking stubs do so when an error is thrown; nothing is under way by then.
    }

    private final class Answer implements StreamObserver<PipelineResponse> {
      private final Listener<A> listener;
      private @Nullable PipelineAnswer only;

      Answer(Listener<A> listener) {
        this.listener = listener;
      }

      @Override
      public void onNext(PipelineResponse message) {
        if (only != null || message.getAnswersCount() != 1) {
          throw new IllegalStateException("one answer was to come: " + message);
        }
        only = message.getAnswers(0);
      }

      @Override
      public void onError(Throwable failure) {
        throw new IllegalStateException("the stream itself broke", failure);
      }

      @Override
      public void onCompleted() {
        PipelineAnswer answer = Objects.requireNonNull(only, "an answer");
        if (answer.getId() != ID) {
          throw new IllegalStateException("not our id: " + answer);
        }
        if (answer.hasError()) {
          StatusRuntimeException error = StatusProto.toStatusRuntimeException(answer.getError());
          listener.onClose(error.getStatus(), Objects.requireNonNull(error.getTrailers()));
          return;
        }
        FieldDescriptor kind = PipelineAnswer.getDescriptor().findFieldByName(field);
        listener.onHeaders(new Metadata());
        listener.onMessage(response((Message) answer.getField(kind)));
        listener.onClose(Status.OK, new Metadata());
      }

      @SuppressWarnings("unchecked")
      private A response(Message message) {
        return (A) message;
      }
    }
  }
}
