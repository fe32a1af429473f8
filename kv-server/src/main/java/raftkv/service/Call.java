package raftkv.service;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import raftkv.node.RequestDeadline;

/**
 * One unary call: answered once, also if the caller is gone; answering never throws, since it
 * happens on the node's loop.
 */
final class Call<T> implements Caller<T> {
  private final StreamObserver<T> observer;

  /** To be made on gRPC's thread, inside of the handler. */
  Call(StreamObserver<T> observer) {
    this.observer = observer;
    if (observer instanceof ServerCallStreamObserver<T> call) {
      // With a handler, answering a caller that has given up is no exception any more.
      call.setOnCancelHandler(() -> {});
    }
  }

  /** When to answer at the latest. On gRPC's thread. */
  static long answerBy(long nowNanos) {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? nowNanos + RequestDeadline.DEFAULT_NANOS
        : RequestDeadline.answerBy(nowNanos, deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  @Override
  public void succeed(T response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  @Override
  public void fail(StatusRuntimeException status) {
    observer.onError(status);
  }
}
