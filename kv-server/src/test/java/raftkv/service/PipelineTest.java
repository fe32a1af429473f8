package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.service.PipelineClient.put;

import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.kv.KvAnswer;
import raftkv.node.RequestDeadline;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PipelineRequest;

/** Many calls on one stream: their answers, and how the stream ends. */
class PipelineTest {
  private final ServiceFixture service = new ServiceFixture();
  private final PipelineClient client = new PipelineClient(service.channel);
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  @BeforeEach
  void scriptAPut() {
    service.answerWrites(new KvAnswer.PutDone(80, 12, 3, false));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void everyCallIsAnsweredUnderItsIdInAnyOrder() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1), put(2));
    client.send(put(3));

    waiting.removeLast().run();
    waiting.removeLast().run();
    waiting.removeLast().run();

    assertThat(client.ids()).containsExactly(3L, 2L, 1L);
    assertThat(client.status).isNull();
  }

  @Test
  void answersOfATurnLeaveTogether() {
    List<Runnable> turn = new ArrayList<>();
    service.requests.turn = turn;
    client.read(10);
    client.send(put(1), put(2));
    client.send(put(3));
    assertThat(client.messages).isEmpty();

    turn.forEach(Runnable::run);

    assertThat(turn).hasSize(1);
    assertThat(client.messages).hasSize(1);
    assertThat(client.ids()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void idsAreTheClientsOwnAffair() {
    client.read(10);

    client.send(put(7), put(7), put(0), put(-1));

    assertThat(client.ids()).containsExactly(7L, 7L, 0L, -1L);
    assertThat(client.answers()).allMatch(PipelineAnswer::hasPut);
  }

  @Test
  void badCallGetsAnErrorAndTheStreamGoesOn() {
    client.read(10);

    client.send(put(1), PipelineCall.newBuilder().setId(2).build(), get(3, ""), put(4));
    client.send(PipelineRequest.getDefaultInstance());
    client.send(put(5));

    assertThat(client.ids()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    assertThat(reasonOf(answer(2).getError())).isEqualTo("CALL_MISSING");
    assertThat(answer(2).getError().getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
    assertThat(reasonOf(answer(3).getError())).isEqualTo("KEY_EMPTY");
    assertThat(answer(4).hasPut()).isTrue();
    assertThat(client.status).isNull();
  }

  @Test
  void callsWithoutAnAnswerDoNotHoldUpOthers() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1));
    service.requests.held = null;

    client.send(put(2), put(3));

    assertThat(client.ids()).containsExactly(2L, 3L);
  }

  @Test
  void halfCloseEndsTheStreamBehindTheLastAnswer() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1));
    client.finish();
    assertThat(client.status).isNull();

    waiting.remove().run();

    assertThat(client.ids()).containsExactly(1L);
    assertThat(client.status.isOk()).isTrue();
  }

  @Test
  void emptyStreamEndsAtOnce() {
    client.finish();

    assertThat(client.status.isOk()).isTrue();
  }

  @Test
  void messageOfTooManyCallsEndsTheStreamAndNothingOfItIsDone() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1));

    PipelineRequest.Builder message = PipelineRequest.newBuilder();
    LongStream.rangeClosed(1, StreamBudget.MAX_CALLS + 1).forEach(id -> message.addCalls(put(id)));
    client.send(message.build());

    assertThat(service.requests.writes).isEqualTo(1);
    assertThat(client.status).isNull();
    waiting.remove().run();
    assertThat(client.ids()).containsExactly(1L);
    assertThat(client.status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(reasonOf(endOf(client))).isEqualTo("TOO_MANY_CALLS");
  }

  @Test
  void answersAfterTheClientHasGoneAreDropped() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1), put(2));

    client.cancel();
    waiting.forEach(Runnable::run);

    assertThat(client.answers()).isEmpty();
    assertThat(client.status.getCode()).isEqualTo(Code.CANCELLED);
  }

  // The end of a node.

  @Test
  void stoppingNodeAnswersWhatItHasReadAndSaysThatNothingElseWasDone() {
    service.requests.held = waiting;
    client.read(10);
    client.send(put(1));

    service.pipelines.stop();
    client.send(put(2));

    assertThat(client.status).isNull();
    waiting.forEach(Runnable::run);
    assertThat(service.requests.writes).isEqualTo(1);
    assertThat(client.ids()).containsExactly(1L);
    assertThat(client.status.getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(reasonOf(endOf(client))).isEqualTo("NOT_READY");
    assertThat(infoOf(endOf(client)).getMetadataOrThrow("outcome")).isEqualTo("NOT_APPLIED");
    assertThat(infoOf(endOf(client)).getMetadataOrThrow("leader_id")).isEqualTo("3");
  }

  @Test
  void idleStreamEndsWhenTheNodeStops() {
    service.pipelines.stop();

    assertThat(reasonOf(endOf(client))).isEqualTo("NOT_READY");
  }

  @Test
  void streamThatIsOpenedDuringTheStopEndsAtOnce() {
    service.pipelines.stop();

    PipelineClient late = new PipelineClient(service.channel);

    assertThat(reasonOf(endOf(late))).isEqualTo("NOT_READY");
    assertThat(service.requests.writes).isZero();
  }

  // Deadlines.

  @Test
  void callWithoutATimeoutGetsTenSecondsAndNoneMoreThanAMinute() {
    client.read(10);

    client.send(get(1, "k"));
    assertThat(patience()).isEqualTo(RequestDeadline.DEFAULT_NANOS);
    client.send(get(2, "k").toBuilder().setTimeoutMs(2_000).build());
    assertThat(patience()).isEqualTo(1_950_000_000L);
    client.send(get(3, "k").toBuilder().setTimeoutMs(-1).build());
    assertThat(patience()).isEqualTo(59_950_000_000L);
  }

  @Test
  void noCallOutlivesTheDeadlineOfItsStream() {
    PipelineClient hurried = streamFor(5);

    hurried.send(get(1, "k"));

    assertThat(patience()).isBetween(1_000_000_000L, 4_950_000_000L);
  }

  /** A stream may last longer than any call: each of them has its own time. */
  @Test
  void callsOfALongStreamHaveTheirOwnTime() {
    PipelineClient patient = streamFor(3_600);

    patient.send(get(1, "k").toBuilder().setTimeoutMs(60_000).build());

    assertThat(patience()).isEqualTo(59_950_000_000L);
    assertThat(RequestDeadline.endOfStream(5, 3_600_000_000_000L)).isEqualTo(3_599_950_000_005L);
  }

  private PipelineClient streamFor(int seconds) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS);
    PipelineClient stream = new PipelineClient(service.channel, options);
    stream.read(10);
    return stream;
  }

  private long patience() {
    assertThat(service.requests.read).isNotNull();
    return service.requests.read.deadlineNanos() - ScriptedRequests.NOW;
  }

  private PipelineAnswer answer(long id) {
    return client.answers().stream().filter(a -> a.getId() == id).findFirst().orElseThrow();
  }

  private static PipelineCall get(long id, String key) {
    return PipelineCall.newBuilder().setId(id).setGet(GetRequest.newBuilder().setKey(key)).build();
  }

  private static com.google.rpc.Status endOf(PipelineClient client) {
    assertThat(client.status).isNotNull();
    return StatusProto.fromStatusAndTrailers(client.status, client.trailers);
  }

  private static String reasonOf(com.google.rpc.Status status) {
    return infoOf(status).getReason();
  }

  private static ErrorInfo infoOf(com.google.rpc.Status status) {
    try {
      return status.getDetails(0).unpack(ErrorInfo.class);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
