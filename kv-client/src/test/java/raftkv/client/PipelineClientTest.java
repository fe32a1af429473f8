package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.client.fake.FakeNode;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.client.session.Outcome;
import raftkv.proto.kv.v1.PutRequest;

/** What the asynchronous face does with its streams. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineClientTest {
  private final Fixture fixture = new Fixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void manyRequestsShareOneStream() {
    List<CompletableFuture<PutResult>> puts = puts(500);
    puts.forEach(CompletableFuture::join);

    assertThat(fixture.cluster().store().applied()).hasSize(500).doesNotHaveDuplicates();
    assertThat(node(1).pipelinesOpened()).isEqualTo(1);
    assertThat(fixture.client().async().get("k7", ReadMode.LINEARIZABLE).join().entry())
        .isNotNull();
    assertThat(fixture.client().async().count("k", ReadMode.LINEARIZABLE).join().count())
        .isEqualTo(500);
    assertThat(node(1).pipelinesOpened()).isEqualTo(1);
  }

  @Test
  void blockingFaceUsesCallsOfTheirOwn() {
    fixture.client().put("k", "v");
    fixture.client().get("k");

    assertThat(node(1).pipelinesOpened()).isZero();
  }

  @Test
  void asynchronousFaceUsesCallsOfTheirOwnIfToldSo() {
    fixture.connect(fixture.cluster().config().withAsyncStyle(CallStyle.UNARY));

    puts(5).forEach(CompletableFuture::join);

    assertThat(node(1).pipelinesOpened()).isZero();
  }

  @Test
  void serverWithoutPipelinesIsSentTheSameOneByOne() {
    for (int id = 1; id <= 3; id++) {
      node(id).withoutPipelines();
    }

    puts(50).forEach(CompletableFuture::join);

    assertThat(fixture.cluster().store().applied()).hasSize(50).doesNotHaveDuplicates();
    assertThat(node(1).received()).hasSize(50);
    assertThat(node(2).received()).isEmpty();
    put(50).join();
    assertThat(node(1).pipelinesRefused()).as("asked for once, and never again").isEqualTo(1);
  }

  /** Nobody can say what became of what was sent; the same numbers go to another node. */
  @Test
  void brokenStreamLeavesWhatWasSentUnknownAndItIsSentAgainElsewhere() {
    node(1).next(Treatment.answer(), Treatment.applyAndSwallow(), Treatment.applyAndCrash());
    CompletableFuture<PutResult> first = put(0);
    first.join();
    fixture.cluster().lead(2, 2);

    CompletableFuture<PutResult> applied = put(1);
    CompletableFuture<PutResult> crashing = put(2);

    assertThat(applied.join().by().deduplicated()).isTrue();
    assertThat(crashing.join().by().deduplicated()).isTrue();
    assertThat(fixture.cluster().store().applied()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void brokenStreamOfALonelyClientIsAnUnknownOutcome() {
    KvClient lonely = fixture.clientFor(Duration.ofMillis(400), 1);
    lonely.async().put("a", KvValue.of("v")).join();
    node(1).next(Treatment.applyAndCrash());

    CompletableFuture<PutResult> lost = lonely.async().put("k", KvValue.of("v"));

    assertThat(failureOf(lost).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void nobodyListeningIsCertainlyNotApplied() {
    KvClient lonely = fixture.clientFor(Duration.ofMillis(400), 1);
    lonely.async().put("a", KvValue.of("v")).join();
    node(1).stop();
    // The end of the connection has been seen once a request was refused.
    await()
        .until(
            () ->
                failureOf(lonely.async().get("a", ReadMode.LINEARIZABLE))
                    .reason()
                    .equals("NOT_CONNECTED"));

    CompletableFuture<PutResult> refused = lonely.async().put("k", KvValue.of("v"));

    assertThat(failureOf(refused).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(fixture.cluster().store().applied()).hasSize(1);
  }

  /** A stream that ends in order has answered what it read: the rest was certainly not applied. */
  @Test
  void streamThatEndsInOrderLeavesNothingUnknown() {
    KvClient lonely =
        fixture.connect(
            ClientConfig.of(List.of(node(1).endpoint())).withTrace(fixture.trace()::add));
    lonely.async().put("a", KvValue.of("v")).join();
    Refusal stopping = Refusal.of(Code.UNAVAILABLE, "NOT_READY", "NOT_APPLIED");
    node(1)
        .next(Treatment.then(() -> node(1).endPipelines(stopping.exception()), Treatment.swallow()))
        .next(Treatment.refuse(stopping))
        .next(Treatment.refuse(stopping));

    CompletableFuture<PutResult> put = lonely.async().put("k", KvValue.of("v"));

    // Sent again on another stream, and answered there.
    assertThat(put.join().by().deduplicated()).isFalse();
    assertThat(node(1).pipelinesOpened()).isEqualTo(2);
    assertThat(fixture.trace().toString()).doesNotContain("NO_ANSWER");
  }

  @Test
  void streamThatEndsInOrderSendsItsRequestsElsewhere() {
    put(0).join();
    Refusal stopping = Refusal.of(Code.UNAVAILABLE, "NOT_READY", "NOT_APPLIED");
    fixture.cluster().lead(2, 2);
    node(1)
        .next(
            Treatment.then(() -> node(1).endPipelines(stopping.exception()), Treatment.swallow()));

    puts(20).forEach(CompletableFuture::join);

    assertThat(fixture.cluster().store().applied()).hasSize(21).doesNotHaveDuplicates();
    assertThat(node(1).pipelinesOpened()).isEqualTo(1);
    assertThat(node(2).received()).isNotEmpty();
  }

  @Test
  void hungNodeIsLeftBehindAfterASilence() {
    put(0).join();
    fixture.cluster().lead(3, 2);
    node(1).hang();

    List<CompletableFuture<PutResult>> puts = puts(20);
    puts.forEach(CompletableFuture::join);

    assertThat(fixture.cluster().store().applied()).hasSize(21).doesNotHaveDuplicates();
  }

  @Test
  void callCarriesItsTimeout() {
    KvClient hurried = fixture.clientFor(Duration.ofMillis(200), 1);
    node(1).next(Treatment.swallow());

    CompletableFuture<GetResult> get = hurried.async().get("k", ReadMode.LINEARIZABLE);

    assertThatThrownBy(get::join).hasCauseInstanceOf(KvException.class);
    assertThat(failureOf(get).reason()).isEqualTo(KvException.DEADLINE);
  }

  /** A session's window is 128: more writes than that need more sessions. */
  @Test
  void manyWritesInFlightAreSharedOutOverSessions() {
    fixture.connect(fixture.cluster().config().withMaxInFlight(300));
    put(0).join();
    for (int i = 0; i < 200; i++) {
      node(1).next(Treatment.swallow());
    }
    int before = node(1).received().size();

    puts(200);

    await().until(() -> node(1).received().size() == before + 200);
    List<PutRequest> sent =
        node(1).received().stream().skip(before).limit(200).map(PutRequest.class::cast).toList();
    assertThat(sent.stream().map(PutRequest::getClientId).distinct()).hasSize(2);
    assertThat(sent).allMatch(put -> put.getSeqNum() <= put.getAckSeq() + 128);
  }

  @Test
  void closedClientSaysSoToAllThatIsUnderWay() {
    put(0).join();
    for (int i = 0; i < 5; i++) {
      node(1).next(Treatment.swallow());
    }
    List<CompletableFuture<PutResult>> puts = puts(5);

    fixture.client().close();

    puts.forEach(put -> assertThat(failureOf(put).reason()).isEqualTo(KvException.CLOSED));
  }

  /** What waits for a number when the client is closed was not sent, and is not sent then. */
  @Test
  void closedClientSendsNothingOfWhatWaitsForANumber() {
    fixture.connect(fixture.cluster().config().withMaxInFlight(4));
    put(0).join();
    for (int i = 0; i < 100; i++) {
      node(1).next(Treatment.swallow());
    }
    List<CompletableFuture<PutResult>> puts = puts(100);
    await().until(() -> node(1).received().size() == 5);

    fixture.client().close();

    List<KvException> failures = puts.stream().map(PipelineClientTest::failureOf).toList();
    assertThat(failures).allMatch(failure -> failure.reason().equals(KvException.CLOSED));
    assertThat(failures.subList(0, 4))
        .allMatch(failure -> failure.outcome() == Outcome.UNKNOWN && failure.requestId() != null);
    assertThat(failures.subList(4, 100))
        .allMatch(failure -> failure.outcome() == Outcome.NOT_APPLIED);
    assertThat(node(1).received()).hasSize(5);
  }

  private FakeNode node(int id) {
    return fixture.cluster().node(id);
  }

  private CompletableFuture<PutResult> put(int number) {
    return fixture.client().async().put("k" + number, KvValue.of("v"));
  }

  private List<CompletableFuture<PutResult>> puts(int count) {
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      puts.add(put(i));
    }
    return puts;
  }

  private static KvException failureOf(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException failed) {
      return (KvException) failed.getCause();
    }
    throw new AssertionError("no failure");
  }
}
