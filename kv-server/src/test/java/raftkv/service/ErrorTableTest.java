package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.kv.AnswerCodec;
import raftkv.kv.KvAnswer;
import raftkv.kv.SessionKind;
import raftkv.kv.SizeLimit;
import raftkv.node.ReadAnswer;
import raftkv.node.WriteOutcome;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/** Every row of the table of errors: what the node says, and what the caller sees. */
@ParameterizedClass
@EnumSource(Way.class)
class ErrorTableTest {
  static final Fence FENCE = new Fence(1_024, new StateHash(1, 2), new StateHash(3, 4));

  private final Way way;
  private final ServiceFixture service;

  ErrorTableTest(Way way) {
    this.way = way;
    service = new ServiceFixture(way);
  }

  @AfterEach
  void close() {
    service.close();
  }

  static Stream<Arguments> refusedWrites() {
    return Stream.of(
        row(new WriteOutcome.NotLeader(new NodeId(3)), Code.UNAVAILABLE, "NOT_LEADER", 0),
        row(new WriteOutcome.NoLeader(), Code.UNAVAILABLE, "NO_LEADER", 300),
        row(new WriteOutcome.Dropped(), Code.UNAVAILABLE, "PROPOSAL_DROPPED", -1),
        row(new WriteOutcome.NotReady("forming"), Code.UNAVAILABLE, "NOT_READY", 300),
        row(new WriteOutcome.Overloaded("queue"), Code.UNAVAILABLE, "OVERLOADED", 100),
        row(new WriteOutcome.DiskFull(), Code.RESOURCE_EXHAUSTED, "DISK_FULL", -1),
        row(new WriteOutcome.Invalid("no"), Code.INVALID_ARGUMENT, "INVALID_REQUEST", -1),
        row(new WriteOutcome.Diverged(FENCE), Code.DATA_LOSS, "STATE_DIVERGED", -1));
  }

  @ParameterizedTest
  @MethodSource("refusedWrites")
  void writeThatWasNotDecidedIsCertainlyNotApplied(
      WriteOutcome outcome, Code code, String reason, int retryMs) {
    ServiceFixture.Seen seen = put(outcome, true);

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.info().getDomain()).isEqualTo("kv.v1");
    assertThat(seen.value("outcome")).isEqualTo("NOT_APPLIED");
    assertRetry(seen, retryMs);
  }

  @Test
  void everyOutcomeOfAWriteHasARow() {
    List<Class<?>> covered = new ArrayList<>();
    refusedWrites().forEach(row -> covered.add(row.get()[0].getClass()));
    covered.add(WriteOutcome.Applied.class);
    covered.add(WriteOutcome.Unknown.class);

    assertThat(covered).containsAll(leaves(WriteOutcome.class));
  }

  @ParameterizedTest
  @EnumSource(WriteOutcome.Cause.class)
  void unknownOutcomeIsCalledUnknownAndSaysWhetherToRepeat(WriteOutcome.Cause cause) {
    boolean late = cause == WriteOutcome.Cause.DEADLINE;

    ServiceFixture.Seen named = put(new WriteOutcome.Unknown(cause), true);
    ServiceFixture.Seen nameless = put(new WriteOutcome.Unknown(cause), false);

    assertThat(named.code()).isEqualTo(late ? Code.DEADLINE_EXCEEDED : Code.UNAVAILABLE);
    assertThat(nameless.code()).isEqualTo(late ? Code.DEADLINE_EXCEEDED : Code.UNKNOWN);
    for (ServiceFixture.Seen seen : List.of(named, nameless)) {
      assertThat(seen.reason()).isEqualTo("OUTCOME_UNKNOWN");
      assertThat(seen.value("outcome")).isEqualTo("UNKNOWN");
    }
    assertThat(named.value("retrySafe")).isEqualTo("true");
    assertThat(nameless.value("retrySafe")).isEqualTo("false");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(
            new KvAnswer.SeqNumReused(5), Code.INVALID_ARGUMENT, "SEQ_NUM_REUSED", "NOT_APPLIED"),
        refusal(
            new KvAnswer.SeqNumTooOld(9, 4),
            Code.FAILED_PRECONDITION,
            "SEQ_NUM_TOO_OLD",
            "UNKNOWN"),
        refusal(
            new KvAnswer.SeqNumAhead(4, 128),
            Code.FAILED_PRECONDITION,
            "SEQ_NUM_AHEAD",
            "NOT_APPLIED"),
        refusal(
            new KvAnswer.SessionExpired(812),
            Code.FAILED_PRECONDITION,
            "SESSION_EXPIRED",
            "UNKNOWN"),
        refusal(
            new KvAnswer.AnswerForgotten(77),
            Code.FAILED_PRECONDITION,
            "ANSWER_FORGOTTEN",
            "APPLIED"),
        refusal(
            new KvAnswer.CancelledByClient(78),
            Code.FAILED_PRECONDITION,
            "CANCELLED_BY_CLIENT",
            "NOT_APPLIED"),
        refusal(
            new KvAnswer.WrongSessionKind(SessionKind.WINDOWED),
            Code.INVALID_ARGUMENT,
            "WRONG_SESSION_KIND",
            "NOT_APPLIED"),
        refusal(
            new KvAnswer.LimitExceeded(SizeLimit.VALUE, 2_000_000, 1 << 20),
            Code.INVALID_ARGUMENT,
            "VALUE_TOO_LARGE",
            "NOT_APPLIED"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalOfTheLogNamesItsOutcome(
      KvAnswer.Refusal refusal, Code code, String reason, String outcome) {
    ServiceFixture.Seen seen = put(applied(refusal, false), true);

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.value("outcome")).isEqualTo(outcome);
  }

  @Test
  void everyRefusalHasARow() {
    List<Class<?>> covered = new ArrayList<>();
    refusals().forEach(row -> covered.add(row.get()[0].getClass()));

    assertThat(covered).containsAll(leaves(KvAnswer.Refusal.class));
  }

  // Safety rule 3.3: what is certain of one copy is not certain of the write.
  @Test
  void refusalIsUnknownIfAnotherCopyIsUndecided() {
    assertThat(put(applied(new KvAnswer.SeqNumAhead(4, 128), true), true).value("outcome"))
        .isEqualTo("UNKNOWN");
    assertThat(put(applied(new KvAnswer.CancelledByClient(4), true), true).value("outcome"))
        .isEqualTo("NOT_APPLIED");
    assertThat(put(applied(new KvAnswer.AnswerForgotten(4), true), true).value("outcome"))
        .isEqualTo("APPLIED");
  }

  /** Else the client, which knows of one copy, would write anew under another id. */
  @Test
  void expiredSessionIsUnknownIfAnotherCopyIsUndecided() {
    ServiceFixture.Seen seen = put(applied(new KvAnswer.SessionExpired(812), true), true);

    assertThat(seen.reason()).isEqualTo("OUTCOME_UNKNOWN");
    assertThat(seen.value("retrySafe")).isEqualTo("true");
  }

  @Test
  void numbersOfSessionsTravelInTheDetails() {
    ServiceFixture.Seen old = put(applied(new KvAnswer.SeqNumTooOld(9, 4), false), true);
    ServiceFixture.Seen ahead = put(applied(new KvAnswer.SeqNumAhead(4, 128), false), true);
    ServiceFixture.Seen expired = put(applied(new KvAnswer.SessionExpired(812), false), true);

    assertThat(old.value("highest")).isEqualTo("9");
    assertThat(old.value("floor")).isEqualTo("4");
    assertThat(ahead.value("floor")).isEqualTo("4");
    assertThat(ahead.value("window")).isEqualTo("128");
    assertThat(expired.value("current_index")).isEqualTo("812");
  }

  static Stream<Arguments> refusedReads() {
    return Stream.of(
        row(new ReadAnswer.NoLeader(), Code.UNAVAILABLE, "NO_LEADER", 300),
        row(new ReadAnswer.NotReady("forming"), Code.UNAVAILABLE, "NOT_READY", 300),
        row(new ReadAnswer.Overloaded("queue"), Code.UNAVAILABLE, "OVERLOADED", 100),
        row(new ReadAnswer.TooStale(-1, null), Code.UNAVAILABLE, "TOO_STALE", 300),
        row(new ReadAnswer.FutureIndex(9, 7), Code.OUT_OF_RANGE, "FUTURE_INDEX", -1),
        row(new ReadAnswer.Diverged(FENCE), Code.DATA_LOSS, "STATE_DIVERGED", -1));
  }

  @ParameterizedTest
  @MethodSource("refusedReads")
  void readThatMayNotBeAnsweredSaysWhy(ReadAnswer answer, Code code, String reason, int retryMs) {
    service.requests.readAnswer = answer;

    ServiceFixture.Seen seen =
        failure(() -> service.kv.get(GetRequest.newBuilder().setKey("k").build()));

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertRetry(seen, retryMs);
  }

  @Test
  void everyAnswerToAReadHasARow() {
    List<Class<?>> covered = new ArrayList<>();
    refusedReads().forEach(row -> covered.add(row.get()[0].getClass()));
    covered.add(ReadAnswer.ReadNow.class);

    assertThat(covered).containsAll(leaves(ReadAnswer.class));
  }

  @Test
  void staleReadNamesLagAndLeader() {
    service.requests.readAnswer = new ReadAnswer.TooStale(1_500_000_000L, new NodeId(3));

    ServiceFixture.Seen seen =
        failure(() -> service.kv.get(GetRequest.newBuilder().setKey("k").build()));

    assertThat(seen.value("lag_ms")).isEqualTo("1500");
    assertThat(seen.value("leader_id")).isEqualTo("3");
  }

  @Test
  void leaderIsNamedInDetailsAndInATrailerForShells() {
    ServiceFixture.Seen seen = put(new WriteOutcome.NotLeader(new NodeId(3)), false);

    assertThat(seen.value("leader_id")).isEqualTo("3");
    assertThat(seen.value("leader_endpoint")).isEqualTo("three:9003");
    assertThat(seen.value("node_id")).isEqualTo("2");
    assertThat(seen.value("term")).isEqualTo("5");
    // A call of a pipeline has no trailers of its own.
    assertThat(seen.trailers().get(ErrorStatus.LEADER))
        .isEqualTo(way == Way.UNARY ? "three:9003" : null);
  }

  @Test
  void overloadPushesRetryPoliciesBack() {
    ServiceFixture.Seen seen = put(new WriteOutcome.Overloaded("queue"), false);

    assertThat(seen.trailers().get(ErrorStatus.PUSHBACK))
        .isEqualTo(way == Way.UNARY ? "100" : null);
  }

  @Test
  void divergenceNamesIndexAndBothHashes() {
    ServiceFixture.Seen seen = put(new WriteOutcome.Diverged(FENCE), false);

    assertThat(seen.value("index")).isEqualTo("1024");
    assertThat(seen.value("own_hash")).isEqualTo(FENCE.own().toString());
    assertThat(seen.value("majority_hash")).isEqualTo(FENCE.majority().toString());
  }

  @Test
  void detailsStayBelowOneKibibyteWhateverIsSaid() {
    String endless = "x".repeat(5_000);

    assertThat(put(new WriteOutcome.NotReady(endless), true).detailBytes()).isLessThan(1_024);
    assertThat(put(new WriteOutcome.Overloaded(endless), true).detailBytes()).isLessThan(1_024);
    assertThat(put(new WriteOutcome.Invalid(endless), true).detailBytes()).isLessThan(1_024);
  }

  private ServiceFixture.Seen put(WriteOutcome outcome, boolean identified) {
    service.requests.writeOutcome = outcome;
    PutRequest.Builder request = PutRequest.newBuilder().setKey("k").setValue("v");
    if (identified) {
      request.setClientId("c").setSeqNum(1);
    }
    return failure(() -> service.kv.put(request.build()));
  }

  static ServiceFixture.Seen failure(Runnable call) {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(thrown).isNotNull();
    ServiceFixture.Seen seen = ServiceFixture.seen(thrown);
    assertThat(seen.detailBytes()).isLessThan(1_024);
    return seen;
  }

  static void assertRetry(ServiceFixture.Seen seen, int retryMs) {
    if (retryMs < 0) {
      assertThat(seen.retry()).isNull();
    } else {
      assertThat(seen.retry()).isNotNull();
      assertThat(seen.retry().getRetryDelay())
          .isEqualTo(Duration.newBuilder().setNanos(retryMs * 1_000_000).build());
    }
  }

  static Arguments row(Object answer, Code code, String reason, int retryMs) {
    return Arguments.of(answer, code, reason, retryMs);
  }

  private static Arguments refusal(
      KvAnswer.Refusal refusal, Code code, String reason, String outcome) {
    return Arguments.of(refusal, code, reason, outcome);
  }

  private static WriteOutcome applied(KvAnswer answer, boolean otherCopyUndecided) {
    return new WriteOutcome.Applied(
        new LogPosition(80, 5), AnswerCodec.encode(answer), otherCopyUndecided);
  }

  private static List<Class<?>> leaves(Class<?> sealed) {
    List<Class<?>> leaves = new ArrayList<>();
    for (Class<?> type : sealed.getPermittedSubclasses()) {
      if (type.isSealed()) {
        leaves.addAll(leaves(type));
      } else {
        leaves.add(type);
      }
    }
    return leaves;
  }
}
