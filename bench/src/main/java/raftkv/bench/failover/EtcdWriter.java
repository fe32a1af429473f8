package raftkv.bench.failover;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import raftkv.proto.etcd.KVGrpc;
import raftkv.proto.etcd.PutRequest;
import raftkv.proto.etcd.PutResponse;

/**
 * The fastest client of etcd that makes sense: writes go to all members in turn, as etcd's own
 * balancer sends them; what fails goes to the next at once, after one round with a pause of 5 ms;
 * what is not answered within 100 ms is sent to the next as well, up to four copies at a time, each
 * of which is given up after a second, since etcd may have dropped it without a word. Nothing keeps
 * a write from taking effect twice, which a real program would have to care for.
 */
final class EtcdWriter implements Writer {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long COPY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_COPIES = 4;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final List<ManagedChannel> channels;
  private final ClientTrace trace;
  private final AtomicInteger turn = new AtomicInteger();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(EtcdWriter::daemon);

  EtcdWriter(List<ManagedChannel> channels, ClientTrace trace) {
    this.channels = List.copyOf(channels);
    this.trace = trace;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "etcd-writer-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public CompletableFuture<?> write(String key, String value) {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    Attempts attempts = new Attempts(request, turn.getAndIncrement());
    attempts.begin();
    return attempts.result;
  }

  /** The copies of one write. Called by several threads; the counters alone are shared. */
  private final class Attempts {
    private final CompletableFuture<PutResponse> result = new CompletableFuture<>();
    private final PutRequest request;
    private final long deadlineNanos = System.nanoTime() + TIMEOUT_NANOS;
    private final AtomicInteger next;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    Attempts(PutRequest request, int first) {
      this.request = request;
      this.next = new AtomicInteger(first);
    }

    void begin() {
      send();
      later(this::hedge, SILENCE_NANOS);
    }

    /** Nothing came so far: to the next as well, as long as few copies are under way. */
    private void hedge() {
      if (!result.isDone() && deadlineNanos - System.nanoTime() > 0) {
        if (underWay.get() < MAX_COPIES) {
          send();
        }
        later(this::hedge, SILENCE_NANOS);
      }
    }

    private void send() {
      long left = deadlineNanos - System.nanoTime();
      if (result.isDone()) {
        return;
      }
      if (left <= 0) {
        result.completeExceptionally(Status.DEADLINE_EXCEEDED.asRuntimeException());
        return;
      }
      ManagedChannel channel = channels.get(Math.floorMod(next.getAndIncrement(), channels.size()));
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.resetConnectBackoff();
      }
      underWay.incrementAndGet();
      ClientCalls.asyncUnaryCall(
          channel.newCall(
              KVGrpc.getPutMethod(),
              CallOptions.DEFAULT.withDeadlineAfter(
                  Math.min(left, COPY_NANOS), TimeUnit.NANOSECONDS)),
          request,
          new Answer(this));
    }

    private void later(Runnable task, long nanos) {
      if (!timer.isShutdown()) {
        var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
      }
    }

    void failed(Throwable why) {
      underWay.decrementAndGet();
      if (result.isDone() || timer.isShutdown()) {
        return;
      }
      trace.say("put failed: " + Status.fromThrowable(why));
      if (failures.incrementAndGet() % channels.size() == 0) {
        later(this::send, PAUSE_NANOS);
      } else {
        send();
      }
    }
  }

  private static final class Answer implements StreamObserver<PutResponse> {
    private final Attempts attempts;

    Answer(Attempts attempts) {
      this.attempts = attempts;
    }

    @Override
    public void onNext(PutResponse answer) {
      attempts.result.complete(answer);
    }

    @Override
    public void onError(Throwable why) {
      attempts.failed(why);
    }

    @Override
    public void onCompleted() {
      // The answer was there before.
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
