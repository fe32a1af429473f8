package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetResponse;

/** Requests that wait for a connection which never becomes ready: it is accepted, and no more. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineTest {
  private final ClientLoop loop = new ClientLoop();
  private ServerSocket socket;
  private NodeChannel node;
  private Pipeline pipeline;

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    node = new NodeChannel(new Address("localhost", socket.getLocalPort()), loop);
    pipeline = new Pipeline(node, loop);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    loop.close();
    socket.close();
  }

  /** Were the first one's deadline waited for, its own driver would have to call it unknown. */
  @Test
  void whatHasLessTimeThanTheOneBeforeItIsNotSentAtItsOwnDeadline() {
    CompletableFuture<CopyFailure> patient = call(TimeUnit.SECONDS.toNanos(25));

    CopyFailure hurried = call(TimeUnit.MILLISECONDS.toNanos(50)).join();

    assertThat(hurried.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(hurried.reason()).isEqualTo(CopyFailure.NOT_CONNECTED);
    assertThat(patient).isNotDone();
  }

  @Test
  void theNextDeadlineIsKeptAfterOneHasPassed() {
    CompletableFuture<CopyFailure> later = call(TimeUnit.MILLISECONDS.toNanos(150));
    CompletableFuture<CopyFailure> sooner = call(TimeUnit.MILLISECONDS.toNanos(50));

    assertThat(sooner.join().outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(later.join().outcome()).isEqualTo(Outcome.NOT_APPLIED);
  }

  private CompletableFuture<CopyFailure> call(long timeoutNanos) {
    CompletableFuture<CopyFailure> failure = new CompletableFuture<>();
    Operation<GetRequest, GetResponse, GetResult> get = Reads.get("k", ReadMode.LINEARIZABLE);
    Ending<GetResponse> ending =
        new Ending<>() {
          @Override
          public void onAnswer(GetResponse answer) {
            failure.completeExceptionally(new AssertionError("nobody is there to answer"));
          }

          @Override
          public void onFailure(ErrorReader.Reading reading) {
            failure.complete(reading.failure());
          }
        };
    GetRequest message = get.encode().apply(Stamp.NONE);
    long deadlineNanos = loop.nowNanos() + timeoutNanos;
    loop.execute(
        () ->
            pipeline.call(
                new Pipeline.Waiting<>(
                    get,
                    Objects.requireNonNull(get.form()),
                    message,
                    message.getSerializedSize(),
                    deadlineNanos,
                    ending)));
    return failure;
  }
}
