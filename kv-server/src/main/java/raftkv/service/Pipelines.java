package raftkv.service;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import raftkv.node.RequestDeadline;
import raftkv.node.Requests;
import raftkv.node.WriteOutcome;
import raftkv.port.EventLoop;
import raftkv.proto.kv.v1.PipelineRequest;
import raftkv.proto.kv.v1.PipelineResponse;

/** The pipelines that are open, so that a node that stops can end them in order. */
final class Pipelines {
  private final EventLoop loop;
  private final Requests requests;
  private final DataRequests data;
  private final Errors errors;

  /** Owned by the loop, as the flag below. */
  private final Set<PipelineStream> open = new LinkedHashSet<>();

  private boolean stopped;

  Pipelines(EventLoop loop, Requests requests, DataRequests data, Errors errors) {
    this.loop = loop;
    this.requests = requests;
    this.data = data;
    this.errors = errors;
  }

  /** A new stream. On gRPC's thread, inside of the handler. */
  StreamObserver<PipelineRequest> open(ServerCallStreamObserver<PipelineResponse> observer) {
    PipelineStream stream = new PipelineStream(this, observer, endNanos());
    loop.execute(() -> opened(stream));
    stream.begin();
    return stream;
  }

  /** When the stream itself has to be answered, if its client gave it a deadline. */
  private long endNanos() {
    long now = requests.nowNanos();
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? Long.MAX_VALUE
        : RequestDeadline.endOfStream(now, deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private void opened(PipelineStream stream) {
    open.add(stream);
    if (stopped) {
      stream.end(stopping());
    }
  }

  void closed(PipelineStream stream) {
    open.remove(stream);
  }

  /** Reads no more, and ends each stream once what was read is answered. On the loop. */
  void stop() {
    if (!stopped) {
      stopped = true;
      List.copyOf(open).forEach(stream -> stream.end(stopping()));
    }
  }

  private StatusRuntimeException stopping() {
    return errors.write(new WriteOutcome.NotReady("stopping"), true, requests.header());
  }

  Requests requests() {
    return requests;
  }

  DataRequests data() {
    return data;
  }

  Errors errors() {
    return errors;
  }

  EventLoop loop() {
    return loop;
  }
}
