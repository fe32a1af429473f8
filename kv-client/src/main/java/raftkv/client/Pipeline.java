package raftkv.client;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;

/**
 * The requests of this client to one node that share a stream. What is given to it in one go leaves
 * in one message; what does not fit under the limits, or finds the connection busy, waits here, and
 * so has certainly not been sent.
 *
 * <pre>
 *   end of a stream                 sent, not answered           waiting here
 *   in order (details of ours)      not read: as the node says   not sent
 *   broken                          unknown                      not sent
 *   the node knows no pipelines     one by one, as calls         one by one, as calls
 * </pre>
 *
 * <p>Owned by the client's loop.
 */
final class Pipeline {
  /** Sent and not answered at a time: what a node takes. */
  static final int MAX_IN_FLIGHT = 2_048;

  static final int MAX_MESSAGE_CALLS = 256;
  private static final int MAX_MESSAGE_BYTES = 128 << 10;
  private static final long MILLISECOND = 1_000_000;

  private final NodeChannel node;
  private final ClientLoop loop;
  private final ArrayDeque<Waiting<?, ?>> waiting = new ArrayDeque<>();
  private @Nullable PipelineStream stream;

  /** What waits at its deadline was not sent, and only this can say so. */
  private final Alarm deadlines;

  private boolean unsupported;
  private boolean flushing;

  /** A request with everything that is needed to send it, in one way or the other. */
  record Waiting<Q extends MessageLite, A>(
      Operation<Q, A, ?> operation,
      PipelineForm<Q, A> form,
      Q message,
      int sizeBytes,
      long deadlineNanos,
      Ending<A> ending) {

    void putInto(PipelineCall.Builder call) {
      form.put().accept(call, message);
    }

    void callOn(NodeChannel node, long nowNanos) {
      long timeoutNanos = Math.max(1, deadlineNanos - nowNanos);
      node.call(operation.method(), message, timeoutNanos, ending);
    }
  }

  Pipeline(NodeChannel node, ClientLoop loop) {
    this.node = node;
    this.loop = loop;
    this.deadlines = new Alarm(loop, this::endLate);
  }

  /** Sends a request as soon as it can; at its deadline at the latest it has been sent or ends. */
  void call(Waiting<?, ?> request) {
    if (unsupported) {
      request.callOn(node, loop.nowNanos());
      return;
    }
    waiting.add(request);
    // For each: one that comes later may have less time than those before it.
    deadlines.notLaterThan(request.deadlineNanos());
    if (!flushing) {
      flushing = true;
      loop.executeIfOpen(this::flushTurn);
    }
  }

  private void flushTurn() {
    flushing = false;
    flush();
  }

  /** Sends what may be sent now. */
  void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    PipelineStream current = stream;
    if (current == null) {
      current = node.newPipelineStream(this);
      // Known before it starts, since its start may already tell something.
      stream = current;
      current.start();
    }
    while (!waiting.isEmpty() && current.isReady() && current.inFlight() < MAX_IN_FLIGHT) {
      sendMessage(current);
    }
  }

  private void sendMessage(PipelineStream current) {
    PipelineRequest.Builder message = PipelineRequest.newBuilder();
    long now = loop.nowNanos();
    int bytes = 0;
    while (!waiting.isEmpty()
        && message.getCallsCount() < MAX_MESSAGE_CALLS
        && current.inFlight() < MAX_IN_FLIGHT
        && (bytes == 0 || bytes + waiting.element().sizeBytes() <= MAX_MESSAGE_BYTES)) {
      Waiting<?, ?> next = waiting.remove();
      if (next.ending().isWanted()) {
        bytes += next.sizeBytes();
        PipelineCall.Builder call = message.addCallsBuilder();
        call.setId(current.sent(next)).setTimeoutMs(timeoutMs(next, now));
        next.putInto(call);
      }
    }
    if (message.getCallsCount() > 0) {
      current.send(message.build());
    }
  }

  private static int timeoutMs(Waiting<?, ?> request, long now) {
    long remaining = (request.deadlineNanos() - now) / MILLISECOND;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, remaining));
  }

  private long endLate(long now) {
    waiting.removeIf(
        request -> {
          boolean late = now - request.deadlineNanos() >= 0;
          if (late) {
            request.ending().onFailure(notSent("the connection was busy until the deadline"));
          }
          return late;
        });
    long pause = Alarm.NEVER;
    for (Waiting<?, ?> request : waiting) {
      pause = Math.min(pause, request.deadlineNanos() - now);
    }
    return pause;
  }

  /**
   * The stream has ended.
   *
   * @param unanswered what was sent on it and got no answer
   * @param reading what its end says of those
   * @param unknownMethod whether it ended before anything else because there is no such method
   */
  void onEnd(List<Waiting<?, ?>> unanswered, ErrorReader.Reading reading, boolean unknownMethod) {
    stream = null;
    unsupported |= unknownMethod;
    List<Waiting<?, ?>> unsent = List.copyOf(waiting);
    waiting.clear();
    if (unknownMethod) {
      long now = loop.nowNanos();
      unanswered.forEach(request -> request.callOn(node, now));
      unsent.forEach(request -> request.callOn(node, now));
      return;
    }
    ErrorReader.Reading notSent = notSent(reading.failure().text());
    unanswered.forEach(request -> request.ending().onFailure(reading));
    unsent.forEach(request -> request.ending().onFailure(notSent));
  }

  private static ErrorReader.Reading notSent(String why) {
    return ErrorReader.read(Status.UNAVAILABLE.withDescription(why), null, false);
  }
}
