package raftkv.service;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import raftkv.node.RequestDeadline;

/**
 * One unary call: answered once, also if the caller is gone; answering never throws, since it
 * happens on the node's loop.
 */
final class Call<T extends MessageLite> implements Caller<T> {
  private final StreamObserver<T> observer;
  private final AnswerRoom room;

  /** Set when the caller has got its answer or has gone, on gRPC's thread. */
  private volatile boolean over;

  /** Taken of the room, written on the loop. */
  private volatile int taken;

  // Owned by the loop.
  private int wanted;
  private boolean waited;
  private boolean gaveBack;

  /** To be made on gRPC's thread, inside of the handler. */
  Call(StreamObserver<T> observer, AnswerRoom room) {
    this.observer = observer;
    this.room = room;
    if (observer instanceof ServerCallStreamObserver<T> call) {
      // With a handler, answering a caller that has given up is no exception any more.
      call.setOnCancelHandler(this::end);
      call.setOnCloseHandler(this::end);
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
    take(response.getSerializedSize());
    observer.onNext(response);
    observer.onCompleted();
  }

  @Override
  public boolean succeedIfRoom(Supplier<T> response) {
    T made = response.get();
    wanted = made.getSerializedSize();
    boolean fits = room.hasFor(wanted);
    if (fits) {
      succeed(made);
    }
    return fits;
  }

  @Override
  public void whenRoom(Runnable again) {
    waited = true;
    room.await(wanted, again);
  }

  @Override
  public void fail(StatusRuntimeException status) {
    observer.onError(status);
    passOn();
  }

  private void take(int bytes) {
    if (!AnswerRoom.isLarge(bytes)) {
      passOn();
      return;
    }
    room.take(bytes);
    taken = bytes;
    if (over) {
      giveBack();
    }
  }

  /** It was asked again for room that it does not need: those behind it may have that. */
  private void passOn() {
    if (waited) {
      room.askAgain();
    }
  }

  private void end() {
    over = true;
    if (taken > 0) {
      room.loop().execute(this::giveBack);
    }
  }

  private void giveBack() {
    if (!gaveBack) {
      gaveBack = true;
      room.giveBack(taken);
    }
  }
}
