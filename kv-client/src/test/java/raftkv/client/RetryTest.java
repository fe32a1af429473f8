package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.client.Fixture.notLeader;
import static raftkv.client.Fixture.refuse;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.proto.kv.v1.PutRequest;

/** Whom the client asks, how often, and what it says of a write without an answer. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(CallStyle.class)
class RetryTest {
  private final Fixture fixture;

  RetryTest(CallStyle style) {
    fixture = new Fixture(style);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void writeGoesStraightToTheLeaderThatTheFirstContactNamed() {
    fixture.cluster().lead(1, 4);
    fixture.client().put("a", "v");
    fixture.cluster().lead(3, 5);
    fixture.client().get("a");
    fixture.client().get("a");

    fixture.client().put("k", "v");

    assertThat(fixture.cluster().node(3).received()).isNotEmpty();
    assertThat(fixture.cluster().node(2).received()).isEmpty();
  }

  /** The leader's name means nothing here; it is known by its id once it has answered. */
  @Test
  void hintIsFollowedByNodeId() {
    fixture.client().put("a", "v");
    for (int id = 2; id <= 3; id++) {
      fixture.cluster().lead(id, id);
      fixture.client().get("a");
      fixture.client().get("a");
    }
    fixture.cluster().node(3).next(notLeader(1, 9));

    fixture.client().put("k", "v");

    assertThat(fixture.cluster().store().applied()).hasSize(2);
    assertThat(fixture.cluster().node(1).received()).isNotEmpty();
  }

  @Test
  void nodeThatRefusesConnectionsIsPassedOver() {
    fixture.cluster().node(1).stop();
    fixture.cluster().lead(2, 2);

    assertThat(fixture.client().put("k", "v").modIndex()).isEqualTo(1);
    assertThat(fixture.cluster().store().applied()).hasSize(1);
  }

  @Test
  void nobodyListeningIsCertainlyNotApplied() {
    KvClient lonely = fixture.clientFor(Duration.ofMillis(300), 1, 2);
    fixture.cluster().node(1).stop();
    fixture.cluster().node(2).stop();

    KvException failure = fixture.failureOf(() -> lonely.put("k", "v"));

    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure.reason()).isEqualTo(CopyFailure.NOT_CONNECTED);
    assertThat(failure.isTransient()).isTrue();
  }

  @Test
  void nodeThatComesBackIsFoundAgainWithinTheDeadline() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(20), 1);
    pinned.put("k", "v");
    fixture.cluster().node(1).stop();
    CompletableFuture<PutResult> put = pinned.async().put("k", KvValue.of("w"));
    try (KvClient other = other(1)) {
      assertThat(fixture.failureOf(() -> other.get("k")).isTransient()).isTrue();
    }

    fixture.cluster().node(1).restart();

    assertThat(put.join().version()).isEqualTo(2);
  }

  /** gRPC alone would try twice in this time, and once in two minutes later on. */
  @Test
  void everyRetryConnectsAnewWithoutThePausesOfTheChannel() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread acceptor = new Thread(() -> closeAll(socket, connections));
      acceptor.start();
      KvClient client =
          fixture.connect(
              ClientConfig.of(List.of("localhost:" + socket.getLocalPort()))
                  .withTimeout(Duration.ofSeconds(2)));

      KvException failure = fixture.failureOf(() -> client.get("k"));

      assertThat(failure.isTransient()).isTrue();
      assertThat(connections.get()).isGreaterThan(4);
    }
  }

  private static void closeAll(ServerSocket socket, AtomicInteger connections) {
    try {
      while (!socket.isClosed()) {
        socket.accept().close();
        connections.incrementAndGet();
      }
    } catch (IOException ended) {
      return;
    }
  }

  @Test
  void writeWhoseConnectionBrokeAfterItWasAppliedTakesEffectOnce() {
    fixture.cluster().node(1).next(Treatment.applyAndCrash());

    PutResult put = fixture.client().put("k", "v");

    assertThat(put.by().deduplicated()).isTrue();
    assertThat(put.version()).isEqualTo(1);
    assertThat(fixture.cluster().store().applied()).hasSize(1);
  }

  @Test
  void brokenConnectionWithNobodyElseToAskIsUnknown() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(1), 1);
    fixture.cluster().node(1).next(Treatment.applyAndCrash());

    KvException failure = fixture.failureOf(() -> pinned.put("k", "v"));

    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(failure.requestId()).isNotNull();
  }

  /** Hazard 96: no gRPC code by itself says that a write was not done. */
  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "CANCELLED",
    "INTERNAL",
    "UNKNOWN",
    "ABORTED",
    "UNIMPLEMENTED",
    "RESOURCE_EXHAUSTED",
    "INVALID_ARGUMENT"
  })
  void statusWithoutDetailsIsUnknown(Code code) {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(1), 1);
    for (int i = 0; i < 60; i++) {
      fixture.cluster().node(1).next(Treatment.fail(Status.fromCode(code)));
    }

    assertThat(fixture.failureOf(() -> pinned.put("k", "v")).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT,    KEY_EMPTY,           NOT_APPLIED, NOT_APPLIED, false",
    "INVALID_ARGUMENT,    VALUE_TOO_LARGE,     NOT_APPLIED, NOT_APPLIED, false",
    "INVALID_ARGUMENT,    SEQ_NUM_REUSED,      NOT_APPLIED, NOT_APPLIED, false",
    "FAILED_PRECONDITION, SEQ_NUM_TOO_OLD,     UNKNOWN,     UNKNOWN,     false",
    "FAILED_PRECONDITION, ANSWER_FORGOTTEN,    APPLIED,     APPLIED,     false",
    "FAILED_PRECONDITION, CANCELLED_BY_CLIENT, NOT_APPLIED, NOT_APPLIED, false",
    "RESOURCE_EXHAUSTED,  DISK_FULL,           NOT_APPLIED, NOT_APPLIED, false",
    "DATA_LOSS,           STATE_DIVERGED,      UNKNOWN,     UNKNOWN,     true",
    "UNAVAILABLE,         NO_LEADER,           NOT_APPLIED, NOT_APPLIED, true",
    "UNAVAILABLE,         PROPOSAL_DROPPED,    NOT_APPLIED, NOT_APPLIED, true",
    "UNAVAILABLE,         OVERLOADED,          NOT_APPLIED, NOT_APPLIED, true",
    "UNAVAILABLE,         NOT_READY,           NOT_APPLIED, NOT_APPLIED, true",
    "UNAVAILABLE,         OUTCOME_UNKNOWN,     UNKNOWN,     UNKNOWN,     true",
    "DEADLINE_EXCEEDED,   NO_LEADER,           NOT_APPLIED, NOT_APPLIED, true",
    "DEADLINE_EXCEEDED,   OUTCOME_UNKNOWN,     UNKNOWN,     UNKNOWN,     true",
  })
  void everyReasonHasItsOutcome(
      Code code, String reason, String said, Outcome outcome, boolean isTransient) {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(20), 1);
    // The pause that the node asks for is beyond the deadline, so the first refusal ends the call.
    Refusal refusal = Refusal.of(code, reason, said).retryAfterMillis(60_000);
    fixture.cluster().node(1).next(Treatment.refuse(refusal));

    KvException failure = fixture.failureOf(() -> pinned.put("k", "v"));

    assertThat(failure.outcome()).isEqualTo(outcome);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.isTransient()).isEqualTo(isTransient);
    assertThat(fixture.cluster().node(1).received()).hasSize(1);
  }

  /** Hazard 56: a refusal is not the answer; the same number is tried until it is taken. */
  @Test
  void refusedForNowIsSentAgainUnderTheSameNumber() {
    fixture
        .cluster()
        .node(1)
        .next(
            refuse(Code.UNAVAILABLE, "NO_LEADER", "NOT_APPLIED"),
            refuse(Code.UNAVAILABLE, "PROPOSAL_DROPPED", "NOT_APPLIED"),
            refuse(Code.UNAVAILABLE, "OVERLOADED", "NOT_APPLIED"));

    fixture.client().put("k", "v");

    HashSet<Long> numbers = new HashSet<>();
    for (int id = 1; id <= 3; id++) {
      fixture.cluster().node(id).received().forEach(r -> numbers.add(((PutRequest) r).getSeqNum()));
    }
    assertThat(numbers).containsExactly(1L);
    assertThat(fixture.cluster().store().applied()).hasSize(1);
  }

  @Test
  void oneLostCopyMakesALaterRefusalUnknown() {
    KvClient two = fixture.clientFor(Duration.ofSeconds(2), 1, 2);
    fixture.cluster().node(1).next(Treatment.fail(Status.UNAVAILABLE));
    fixture.cluster().node(2).next(refuse(Code.RESOURCE_EXHAUSTED, "DISK_FULL", "NOT_APPLIED"));

    KvException failure = fixture.failureOf(() -> two.put("k", "v"));

    assertThat(failure.reason()).isEqualTo("DISK_FULL");
    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void silentLeaderIsLeftForTheNewOneOnceItIsKnown() {
    fixture.client().put("a", "v");
    fixture
        .cluster()
        .node(1)
        .next(Treatment.then(() -> fixture.cluster().lead(2, 2), Treatment.swallow()));

    PutResult put = fixture.client().put("k", "v");

    assertThat(put.by().nodeId()).isEqualTo(2);
    assertThat(fixture.cluster().node(2).received()).hasSize(1);
  }

  @Test
  void silentLeaderThatStillLeadsIsNotSentASecondCopy() {
    fixture.client().put("a", "v");
    fixture.connect(fixture.cluster().config().withTimeout(Duration.ofSeconds(2)));
    fixture.cluster().node(1).next(Treatment.swallow());

    KvException failure = fixture.failureOf(() -> fixture.client().put("k", "v"));

    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(fixture.cluster().node(1).received()).hasSize(2);
    assertThat(fixture.cluster().node(2).received()).isEmpty();
    assertThat(fixture.cluster().node(3).received()).isEmpty();
    assertThat(
            fixture.cluster().node(2).leaderQuestions()
                + fixture.cluster().node(3).leaderQuestions())
        .isBetween(1, 11);
  }

  @Test
  void hungNodeDoesNotKeepTheFirstContactFromHappening() {
    fixture.cluster().lead(2, 2);
    fixture.cluster().node(1).hang();

    assertThat(fixture.client().put("k", "v").by().nodeId()).isEqualTo(2);
  }

  @Test
  void readsAreRepeatedUntilTheyAreAnswered() {
    fixture.client().put("k", "v");
    fixture
        .cluster()
        .node(1)
        .next(Treatment.fail(Status.UNAVAILABLE), Treatment.fail(Status.INTERNAL));

    assertThat(fixture.client().get("k").found()).isTrue();
  }

  private KvClient other(int id) {
    return KvClient.connect(
        ClientConfig.of(List.of(fixture.cluster().node(id).endpoint()))
            .withTimeout(Duration.ofMillis(300)));
  }
}
