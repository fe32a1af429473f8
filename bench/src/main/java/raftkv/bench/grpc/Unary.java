package raftkv.bench.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import raftkv.bench.target.Target;

/** One call of a generated method, with its deadline. */
final class Unary {
  private static final long TIMEOUT_SECONDS = 10;

  private Unary() {}

  /** Calls; what the answer holds is taken out of it on the connection's thread. */
  static <Q, A> void call(
      ManagedChannel channel,
      MethodDescriptor<Q, A> method,
      Q question,
      Function<A, byte @Nullable []> value,
      Target.Ending ending) {
    ClientCall<Q, A> call = channel.newCall(method, options());
    ClientCalls.asyncUnaryCall(call, question, new Answer<>(value, ending));
  }

  /** Calls and waits. */
  static <Q, A> A ask(ManagedChannel channel, MethodDescriptor<Q, A> method, Q question) {
    return ClientCalls.blockingUnaryCall(channel, method, options(), question);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadline(Deadline.after(TIMEOUT_SECONDS, TimeUnit.SECONDS));
  }

  private static final class Answer<A> implements StreamObserver<A> {
    private final Function<A, byte @Nullable []> value;
    private final Target.Ending ending;
    private byte @Nullable [] found;

    Answer(Function<A, byte @Nullable []> value, Target.Ending ending) {
      this.value = value;
      this.ending = ending;
    }

    @Override
    public void onNext(A answer) {
      found = value.apply(answer);
    }

    @Override
    public void onError(Throwable thrown) {
      ending.ended(null, Channels.failure(thrown));
    }

    @Override
    public void onCompleted() {
      ending.ended(found, null);
    }
  }
}
