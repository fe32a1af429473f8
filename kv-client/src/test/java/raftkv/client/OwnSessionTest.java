package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.client.Fixture.refuse;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestId;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.PutRequest;

/** The identity of writes: safety rules 4.2 to 4.4 as a client keeps them. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(CallStyle.class)
class OwnSessionTest {
  private final Fixture fixture;

  OwnSessionTest(CallStyle style) {
    fixture = new Fixture(style);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void writesCarryAWindowedSessionWhoseFloorFollows() {
    for (int i = 0; i < 3; i++) {
      fixture.client().put("k", "v" + i);
    }

    String clientId = fixture.putReceived(1, 0).getClientId();
    assertThat(clientId).matches("[0-9a-f]{32}");
    for (int i = 0; i < 3; i++) {
      PutRequest request = fixture.putReceived(1, i);
      assertThat(request.getClientId()).isEqualTo(clientId);
      assertThat(request.getSeqNum()).isEqualTo(i + 1);
      assertThat(request.hasAckSeq()).isTrue();
      assertThat(request.getAckSeq()).isEqualTo(i);
    }
  }

  @Test
  void sessionStartIsAnIndexSeenBeforeTheFirstWriteAndNeverChanges() {
    fixture.cluster().store().skipTo(500);

    fixture.client().put("k", "1");
    fixture.client().put("k", "2");

    assertThat(fixture.putReceived(1, 0).getSessionStart()).isEqualTo(500);
    assertThat(fixture.putReceived(1, 1).getSessionStart()).isEqualTo(500);
  }

  @Test
  void everyInstanceHasASessionOfItsOwn() {
    HashSet<String> ids = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      try (KvClient other = KvClient.connect(fixture.cluster().config())) {
        other.put("k", "v");
      }
      ids.add(fixture.putReceived(1, i).getClientId());
    }

    assertThat(ids).hasSize(5);
  }

  @Test
  void expiredSessionIsReplacedWhenNothingIsInDoubt() {
    fixture.client().put("a", "1");
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SESSION_EXPIRED", "UNKNOWN")
                    .with("current_index", 812)));

    fixture.client().put("a", "2");
    fixture.client().put("a", "3");

    PutRequest refused = fixture.putReceived(1, 1);
    PutRequest repeated = fixture.putReceived(1, 2);
    assertThat(repeated.getClientId()).isNotEqualTo(refused.getClientId());
    assertThat(repeated.getSeqNum()).isEqualTo(1);
    assertThat(repeated.getAckSeq()).isZero();
    assertThat(repeated.getSessionStart()).isEqualTo(812);
    assertThat(fixture.putReceived(1, 3).getClientId()).isEqualTo(repeated.getClientId());
    assertThat(fixture.putReceived(1, 3).getSeqNum()).isEqualTo(2);
  }

  /** The counter-example of safety rule 4.4: a retry under a new session would apply it twice. */
  @Test
  void expiredSessionIsNotReplacedWhenAnEarlierCopyWasLost() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(2), 1);
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.fail(Status.UNAVAILABLE),
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SESSION_EXPIRED", "UNKNOWN")
                    .with("current_index", 812)));

    KvException failure = fixture.failureOf(() -> pinned.put("k", "v"));

    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(failure.reason()).isEqualTo("SESSION_EXPIRED");
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void givenIdentityIsSentAsASimpleSessionAndAnsweredFromTheStore() {
    WriteOptions mine = WriteOptions.DEFAULT.withId(new RequestId("me", 5), null);

    PutResult first = fixture.client().put("k", KvValue.of("v"), mine);
    PutResult second = fixture.client().put("k", KvValue.of("v"), mine);

    assertThat(first.by().deduplicated()).isFalse();
    assertThat(second.by().deduplicated()).isTrue();
    assertThat(second.modIndex()).isEqualTo(first.modIndex());
    assertThat(fixture.putReceived(1, 0).hasAckSeq()).isFalse();
    assertThat(fixture.putReceived(1, 0).hasSessionStart()).isFalse();
  }

  @Test
  void givenIdentityIsNeverReplacedWhenItsSessionExpired() {
    fixture.cluster().node(1).next(refuse(Code.FAILED_PRECONDITION, "SESSION_EXPIRED", "UNKNOWN"));
    WriteOptions mine = WriteOptions.DEFAULT.withId(new RequestId("me", 5), 3L);

    KvException failure = fixture.failureOf(() -> fixture.client().put("k", KvValue.of("v"), mine));

    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(fixture.putReceived(1, 0).getSessionStart()).isEqualTo(3);
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  /** Hazard 55: numbers may overtake each other, and the floor stays below the lowest open one. */
  @Test
  void manyWritesInFlightKeepTheFloorBelowAllThatAreOpen() {
    fixture.connect(fixture.cluster().config().withMaxInFlight(8));
    for (int i = 0; i < 40; i++) {
      fixture
          .cluster()
          .node(1)
          .next(
              i % 5 == 2
                  ? refuse(Code.UNAVAILABLE, "OVERLOADED", "NOT_APPLIED")
                  : Treatment.answer());
    }

    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      puts.add(fixture.client().async().put("k" + i, KvValue.of("v")));
    }
    puts.forEach(CompletableFuture::join);

    assertThat(fixture.cluster().store().applied()).hasSize(200).doesNotHaveDuplicates();
    HashSet<Long> open = new HashSet<>();
    for (int i = 0; i < fixture.cluster().node(1).received().size(); i++) {
      PutRequest request = fixture.putReceived(1, i);
      assertThat(request.getAckSeq()).isLessThan(request.getSeqNum());
      assertThat(request.getSeqNum()).isLessThanOrEqualTo(request.getAckSeq() + 8);
      open.add(request.getSeqNum());
    }
    assertThat(open).hasSize(200);
  }

  @Test
  void windowIsNarrowedToWhatTheServerAllows() {
    fixture.client().put("a", "v");
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SEQ_NUM_AHEAD", "NOT_APPLIED")
                    .with("window", 4)
                    .with("floor", 1)));

    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    fixture.client().put("first", "v");
    int before = fixture.cluster().node(1).received().size();
    for (int i = 0; i < 50; i++) {
      puts.add(fixture.client().async().put("k" + i, KvValue.of("v")));
    }
    puts.forEach(CompletableFuture::join);

    for (int i = before; i < fixture.cluster().node(1).received().size(); i++) {
      PutRequest request = fixture.putReceived(1, i);
      assertThat(request.getSeqNum()).isLessThanOrEqualTo(request.getAckSeq() + 4);
    }
  }

  /** Without the start, servers that ever evicted a session know nothing of the own one. */
  @Test
  void failureNamesTheRequestSoThatItsFateCanBeAsked() {
    fixture.cluster().store().skipTo(500);
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(1), 1);
    fixture.cluster().node(1).next(Treatment.applyAndSwallow());
    KvException failure = fixture.failureOf(() -> pinned.put("k", "v"));
    RequestId id = Objects.requireNonNull(failure.requestId());

    FateResult fate = pinned.fateOf(id);
    pinned.cancel(id);

    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(fate.fate()).isEqualTo(FateResult.Fate.APPLIED);
    PutRequest put = fixture.putReceived(1, 0);
    assertThat(id).isEqualTo(new RequestId(put.getClientId(), put.getSeqNum(), 500));
    for (int question = 1; question <= 2; question++) {
      var asked = (GetRequestOutcomeRequest) fixture.cluster().node(1).received().get(question);
      assertThat(asked.getSessionStart()).isEqualTo(500);
      assertThat(asked.getCancel()).isEqualTo(question == 2);
    }
  }

  @Test
  void failureOfAGivenIdentityNamesItsStart() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(1), 1);
    fixture.cluster().node(1).next(refuse(Code.FAILED_PRECONDITION, "SEQ_NUM_TOO_OLD", "UNKNOWN"));
    WriteOptions mine = WriteOptions.DEFAULT.withId(new RequestId("me", 5), 3L);

    KvException failure = fixture.failureOf(() -> pinned.put("k", KvValue.of("v"), mine));

    assertThat(failure.requestId()).isEqualTo(new RequestId("me", 5, 3));
  }

  @Test
  void identityBringsItsStartAlong() {
    RequestId id = new RequestId("me", 5, 3);

    fixture.client().put("k", KvValue.of("v"), WriteOptions.DEFAULT.withId(id, null));
    fixture.client().put("k", KvValue.of("v"), WriteOptions.DEFAULT.withId(id, 4L));

    assertThat(fixture.putReceived(1, 0).getSessionStart()).isEqualTo(3);
    assertThat(fixture.putReceived(1, 1).getSessionStart()).isEqualTo(4);
  }

  /** It may have sealed the number: that a question changes nothing holds without cancel only. */
  @Test
  void cancelWithoutAnAnswerIsUnknown() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(1), 1);
    for (int i = 0; i < 60; i++) {
      fixture.cluster().node(1).next(Treatment.fail(Status.UNAVAILABLE));
    }
    RequestId id = new RequestId("me", 5);

    assertThat(fixture.failureOf(() -> pinned.cancel(id)).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(fixture.failureOf(() -> pinned.fateOf(id)).outcome()).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void cancelThatWasRefusedIsCertainlyNotDone() {
    KvClient pinned = fixture.clientFor(Duration.ofMillis(300), 1);
    for (int i = 0; i < 60; i++) {
      fixture.cluster().node(1).next(refuse(Code.UNAVAILABLE, "NO_LEADER", "NOT_APPLIED"));
    }

    KvException failure = fixture.failureOf(() -> pinned.cancel(new RequestId("me", 5)));

    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void fateOfAWriteCanBeAsked() {
    RequestId id = new RequestId("me", 5);
    assertThat(fixture.client().fateOf(id).fate()).isEqualTo(FateResult.Fate.NOT_YET_APPLIED);
    assertThat(fixture.client().cancel(id).fate()).isEqualTo(FateResult.Fate.NOT_APPLIED);

    PutResult put =
        fixture.client().put("k", KvValue.of("v"), WriteOptions.DEFAULT.withId(id, null));

    FateResult fate = fixture.client().fateOf(id);
    assertThat(fate.fate()).isEqualTo(FateResult.Fate.APPLIED);
    assertThat(fate.index()).isEqualTo(put.modIndex());
    assertThat(fate.answer()).isInstanceOf(PutResult.class);
  }
}
