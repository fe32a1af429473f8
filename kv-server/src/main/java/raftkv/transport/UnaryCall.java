package raftkv.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One question to a peer and at most one answer; the end is told once, on gRPC's thread. */
final class UnaryCall<A> extends ClientCall.Listener<A> {
  /** How it ended. */
  @FunctionalInterface
  interface End<A> {
    /**
     * The call is over.
     *
     * @param answer what came, null if nothing did; of worth only if the status is OK
     */
    void ended(Status status, @Nullable A answer);
  }

  private final End<A> end;
  private @Nullable A answer;

  private UnaryCall(End<A> end) {
    this.end = end;
  }

  /** Asks once. */
  static <Q, A> void send(
      ManagedChannel channel,
      MethodDescriptor<Q, A> method,
      long deadlineNanos,
      Q question,
      End<A> end) {
    ClientCall<Q, A> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
    call.start(new UnaryCall<>(end), new Metadata());
    call.request(2);
    call.sendMessage(question);
    call.halfClose();
  }

  @Override
  public void onMessage(A message) {
    answer = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end.ended(status, answer);
  }
}
