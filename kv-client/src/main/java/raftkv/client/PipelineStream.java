package raftkv.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;

/**
 * One stream of a {@link Pipeline}, from its start to its end. Owned by the client's loop; what
 * gRPC tells on another thread is brought there.
 */
final class PipelineStream extends ClientCall.Listener<PipelineResponse> {
  private final Pipeline pipeline;
  private final ClientLoop loop;
  private final ClientCall<PipelineRequest, PipelineResponse> call;
  private final NodeChannel.Witness witness;
  private final Slots<Pipeline.Waiting<?, ?>> sent = new Slots<>();
  private boolean answered;

  PipelineStream(
      Pipeline pipeline,
      ClientLoop loop,
      ClientCall<PipelineRequest, PipelineResponse> call,
      NodeChannel.Witness witness) {
    this.pipeline = pipeline;
    this.loop = loop;
    this.call = call;
    this.witness = witness;
  }

  void start() {
    call.start(this, new Metadata());
    call.request(1);
  }

  /** Only once there is a connection: so nothing is sent that would not leave. */
  boolean isReady() {
    return call.isReady();
  }

  int inFlight() {
    return sent.size();
  }

  /** Takes note of a request that is about to be sent; its id on this stream. */
  int sent(Pipeline.Waiting<?, ?> request) {
    return sent.put(request);
  }

  void send(PipelineRequest message) {
    call.sendMessage(message);
  }

  @Override
  public void onReady() {
    onLoop(pipeline::flush);
  }

  @Override
  public void onMessage(PipelineResponse message) {
    onLoop(() -> take(message));
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    // Never at once: a stream can end while it is being opened.
    loop.executeIfOpen(() -> end(status, trailers));
  }

  private void onLoop(Runnable task) {
    if (loop.isCurrentThread()) {
      task.run();
    } else {
      loop.executeIfOpen(task);
    }
  }

  private void take(PipelineResponse message) {
    answered = true;
    for (PipelineAnswer answer : message.getAnswersList()) {
      Pipeline.Waiting<?, ?> request = sent.take(answer.getId());
      if (request != null) {
        tell(request, answer);
      }
    }
    call.request(1);
    pipeline.flush();
  }

  private static <A> void tell(Pipeline.Waiting<?, A> request, PipelineAnswer answer) {
    if (answer.hasError()) {
      request.ending().onFailure(ErrorReader.read(answer.getError()));
    } else {
      request.ending().onAnswer(request.form().take().apply(answer));
    }
  }

  private void end(Status status, @Nullable Metadata trailers) {
    ErrorReader.Reading reading = ErrorReader.read(status, trailers, witness.handedOver());
    boolean unknownMethod =
        status.getCode() == Status.Code.UNIMPLEMENTED && !answered && reading.details().isEmpty();
    pipeline.onEnd(sent.takeAll(), reading, unknownMethod);
  }
}
