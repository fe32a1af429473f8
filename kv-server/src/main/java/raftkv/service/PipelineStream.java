package raftkv.service;

import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.node.RequestDeadline;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;

/**
 * One pipeline. Messages come on gRPC's thread, where their calls are parsed and queued for the
 * node; everything about answers is owned by the loop. The answers of a turn leave together when it
 * ends.
 *
 * <pre>
 *   gRPC's thread: message --&gt; budget --&gt; DataRequests, a Reply a call     (asks for more if it may)
 *   loop:          Reply --&gt; answers that wait --turn ends, connection ready--&gt; message
 * </pre>
 *
 * <p>A stream ends when nothing is read any more (its client has finished, or the node stops) and
 * everything that was read has been answered: so whoever sees its end in order knows that a call
 * without an answer was never begun.
 */
final class PipelineStream implements StreamObserver<PipelineRequest> {
  /** Answers of one message, unless the first alone has more. */
  private static final int MAX_MESSAGE_BYTES = 256 << 10;

  /** Reads are not answered while so many bytes of answers wait for the client to read. */
  private static final long MAX_UNSENT_BYTES = 4 << 20;

  /** Of the reads that found no room, so many are tried again at a time. */
  private static final int REASKED_AT_ONCE = 64;

  private static final long MILLISECOND = 1_000_000;

  private final Pipelines pipelines;
  private final DataRequests data;
  private final ServerCallStreamObserver<PipelineResponse> out;
  private final long endNanos;
  private final StreamBudget budget = new StreamBudget();

  // Owned by the loop.
  private final ArrayDeque<PipelineAnswer> unsent = new ArrayDeque<>();
  private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();
  private long unsentBytes;
  private boolean flushing;
  private boolean closed;
  private @Nullable StatusRuntimeException end;

  /**
   * A stream that reads nothing yet.
   *
   * @param endNanos when every call has to be answered at the latest
   */
  PipelineStream(
      Pipelines pipelines, ServerCallStreamObserver<PipelineResponse> out, long endNanos) {
    this.pipelines = pipelines;
    this.data = pipelines.data();
    this.out = out;
    this.endNanos = endNanos;
  }

  /** Inside of the handler that opened it. */
  void begin() {
    out.disableAutoRequest();
    out.setOnReadyHandler(() -> pipelines.loop().execute(this::flush));
    out.setOnCancelHandler(() -> pipelines.loop().execute(this::abandon));
    askForMore();
  }

  private void askForMore() {
    if (budget.mayAsk()) {
      out.request(1);
    }
  }

  // What the client sends; on gRPC's thread.

  @Override
  public void onNext(PipelineRequest message) {
    int count = message.getCallsCount();
    if (count > StreamBudget.MAX_CALLS) {
      StatusRuntimeException violation = pipelines.errors().invalid(tooManyCalls(count));
      pipelines.loop().execute(() -> end(violation));
      return;
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      // Kept in the message: whoever asks again is told at once.
      bytes += message.getCalls(i).getSerializedSize();
    }
    if (!budget.take(count, bytes)) {
      return;
    }
    long now = pipelines.requests().nowNanos();
    for (int i = 0; i < count; i++) {
      PipelineCall call = message.getCalls(i);
      begin(call, answerBy(call, now));
    }
    askForMore();
  }

  private static InvalidRequest tooManyCalls(int count) {
    return new InvalidRequest(
        "TOO_MANY_CALLS",
        "calls",
        "a message of " + count + " calls, at most " + StreamBudget.MAX_CALLS + " are allowed");
  }

  private long answerBy(PipelineCall call, long now) {
    long timeoutMs = Integer.toUnsignedLong(call.getTimeoutMs());
    long answerBy =
        timeoutMs == 0
            ? now + RequestDeadline.DEFAULT_NANOS
            : RequestDeadline.answerBy(now, timeoutMs * MILLISECOND);
    return Math.min(answerBy, endNanos);
  }

  private void begin(PipelineCall call, long answerBy) {
    switch (call.getCallCase()) {
      case PUT -> data.put(call.getPut(), answerBy, reply(call, PipelineAnswer.Builder::setPut));
      case GET -> data.get(call.getGet(), answerBy, reply(call, PipelineAnswer.Builder::setGet));
      case DELETE ->
          data.delete(call.getDelete(), answerBy, reply(call, PipelineAnswer.Builder::setDelete));
      case COMPARE_AND_SET ->
          data.compareAndSet(
              call.getCompareAndSet(),
              answerBy,
              reply(call, PipelineAnswer.Builder::setCompareAndSet));
      case LIST ->
          data.list(call.getList(), answerBy, reply(call, PipelineAnswer.Builder::setList));
      case COUNT ->
          data.count(call.getCount(), answerBy, reply(call, PipelineAnswer.Builder::setCount));
      case GET_REQUEST_OUTCOME ->
          data.getRequestOutcome(
              call.getGetRequestOutcome(),
              answerBy,
              reply(call, PipelineAnswer.Builder::setGetRequestOutcome));
      case CALL_NOT_SET ->
          new Reply<PipelineAnswer>(call, (answer, none) -> {})
              .fail(
                  pipelines
                      .errors()
                      .invalid(
                          new InvalidRequest(
                              "CALL_MISSING", "call", "one of the calls is needed")));
    }
  }

  private <T> Reply<T> reply(PipelineCall call, BiConsumer<PipelineAnswer.Builder, T> setter) {
    return new Reply<>(call, setter);
  }

  @Override
  public void onCompleted() {
    budget.endReading();
    pipelines.loop().execute(this::closeIfDone);
  }

  /** The client has gone: as if cancelled. */
  @Override
  public void onError(Throwable gone) {
    pipelines.loop().execute(this::abandon);
  }

  // What the client gets; on the loop.

  /** Who waits for one call. */
  private final class Reply<T> implements Caller<T> {
    private final long id;
    private final int requestBytes;
    private final BiConsumer<PipelineAnswer.Builder, T> setter;

    Reply(PipelineCall call, BiConsumer<PipelineAnswer.Builder, T> setter) {
      this.id = call.getId();
      this.requestBytes = call.getSerializedSize();
      this.setter = setter;
    }

    @Override
    public void succeed(T response) {
      PipelineAnswer.Builder answer = PipelineAnswer.newBuilder().setId(id);
      setter.accept(answer, response);
      answered(requestBytes, answer.build());
    }

    /** Errors are rare, and may be known before the call has reached the loop. */
    @Override
    public void fail(StatusRuntimeException thrown) {
      Status status = Objects.requireNonNull(StatusProto.fromThrowable(thrown), "our own status");
      PipelineAnswer answer = PipelineAnswer.newBuilder().setId(id).setError(status).build();
      pipelines.loop().execute(() -> answered(requestBytes, answer));
    }

    @Override
    public boolean succeedIfRoom(Supplier<T> response) {
      if (!hasRoom()) {
        return false;
      }
      succeed(response.get());
      return true;
    }

    @Override
    public void whenRoom(Runnable again) {
      postponed.add(again);
    }
  }

  private boolean hasRoom() {
    return unsentBytes < MAX_UNSENT_BYTES;
  }

  private void answered(int requestBytes, PipelineAnswer answer) {
    int answerBytes = answer.getSerializedSize();
    budget.exchange(requestBytes, answerBytes);
    if (closed) {
      return;
    }
    unsent.add(answer);
    unsentBytes += answerBytes;
    if (!flushing) {
      flushing = true;
      pipelines.requests().whenTurnEnds(this::flushTurn);
    }
  }

  private void flushTurn() {
    flushing = false;
    flush();
  }

  private void flush() {
    while (!unsent.isEmpty() && out.isReady()) {
      send();
    }
    for (int i = 0; i < REASKED_AT_ONCE && !postponed.isEmpty() && hasRoom(); i++) {
      postponed.remove().run();
    }
    askForMore();
    closeIfDone();
  }

  private void send() {
    PipelineResponse.Builder message = PipelineResponse.newBuilder();
    int bytes = 0;
    while (!unsent.isEmpty()) {
      int next = unsent.element().getSerializedSize();
      if (bytes > 0 && bytes + next > MAX_MESSAGE_BYTES) {
        break;
      }
      bytes += next;
      message.addAnswers(unsent.remove());
    }
    out.onNext(message.build());
    unsentBytes -= bytes;
    budget.letGo(message.getAnswersCount(), bytes);
  }

  /** Reads no more, and closes with that status once what was read is answered. */
  void end(StatusRuntimeException status) {
    if (end == null) {
      end = status;
    }
    budget.endReading();
    closeIfDone();
  }

  private void closeIfDone() {
    if (closed || !budget.isDone()) {
      return;
    }
    closed = true;
    pipelines.closed(this);
    StatusRuntimeException status = end;
    if (status == null) {
      out.onCompleted();
    } else {
      out.onError(status);
    }
  }

  private void abandon() {
    budget.endReading();
    if (!closed) {
      closed = true;
      pipelines.closed(this);
    }
    unsent.clear();
    postponed.clear();
    unsentBytes = 0;
  }
}
