package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static raftkv.client.Fixture.notLeader;
import static raftkv.client.Fixture.refuse;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.client.session.Outcome;
import raftkv.proto.kv.v1.Routing;

/** What the client gives back, and how it ends. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KvClientTest {
  private final Fixture fixture = new Fixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void putGetDeleteAndConditionalWritesGiveTypedResults() {
    PutResult put = fixture.client().put("k", "v");
    assertThat(put.version()).isEqualTo(1);
    KvEntry entry = Objects.requireNonNull(fixture.client().get("k").entry());
    assertThat(entry.value()).isEqualTo(KvValue.of("v"));
    assertThat(entry.modIndex()).isEqualTo(put.modIndex());

    assertThat(
            fixture
                .client()
                .compareAndSet("k", new Condition.ValueIs(KvValue.of("w")), KvValue.of("x")))
        .satisfies(result -> assertThat(result.succeeded()).isFalse())
        .satisfies(result -> assertThat(result.entry()).isEqualTo(entry));
    assertThat(
            fixture
                .client()
                .compareAndSet("k", new Condition.ModIndexIs(put.modIndex()), KvValue.of("x"))
                .succeeded())
        .isTrue();
    assertThat(
            fixture
                .client()
                .compareAndSet("n", new Condition.Absent(), KvValue.of("x"))
                .succeeded())
        .isTrue();
    assertThat(fixture.client().deleteIf("k", 1_000, WriteOptions.DEFAULT).succeeded()).isFalse();
    assertThat(fixture.client().delete("k").succeeded()).isTrue();
    assertThat(fixture.client().delete("k").found()).isFalse();
    assertThat(fixture.client().get("k").found()).isFalse();
    assertThat(fixture.client().count("", ReadMode.LINEARIZABLE).count()).isEqualTo(1);
  }

  @Test
  void bytesAndTextStayWhatTheyAre() {
    byte[] bytes = {0, (byte) 0xff, 7};
    fixture.client().put("b", KvValue.of(bytes), WriteOptions.DEFAULT);
    fixture.client().put("t", "text");

    assertThat(Objects.requireNonNull(fixture.client().get("b").entry()).value())
        .isEqualTo(KvValue.of(bytes));
    assertThat(Objects.requireNonNull(fixture.client().get("t").entry()).value())
        .isEqualTo(KvValue.of("text"));
  }

  @Test
  void pagesAreFollowedByTheirTokens() {
    for (int i = 0; i < 5; i++) {
      fixture.client().put("p" + i, "v");
    }
    PageRequest page = new PageRequest("p", 2, "", PageRequest.Part.KEYS);
    List<String> keys = new ArrayList<>();
    ListPage answer = fixture.client().list(page, ReadMode.LINEARIZABLE);
    while (true) {
      answer.entries().forEach(entry -> keys.add(entry.key()));
      if (answer.nextPageToken().isEmpty()) {
        break;
      }
      answer = fixture.client().list(page.after(answer), ReadMode.LINEARIZABLE);
    }

    assertThat(keys).containsExactly("p0", "p1", "p2", "p3", "p4");
  }

  @Test
  void requestAboveTheTransportLimitIsRefusedUnsent() {
    KvException failure =
        fixture.failureOf(
            () -> fixture.client().put("k", KvValue.of(new byte[5 << 20]), WriteOptions.DEFAULT));

    assertThat(failure.reason()).isEqualTo(KvException.REQUEST_TOO_LARGE);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(fixture.cluster().node(1).received()).isEmpty();
    assertThat(fixture.client().put("k", "v").version()).isEqualTo(1);
  }

  @Test
  void closingEndsWhatIsUnderWayHonestly() {
    fixture.client().put("a", "v");
    fixture.cluster().node(1).next(Treatment.swallow());
    CompletableFuture<PutResult> put = fixture.client().async().put("k", KvValue.of("v"));
    org.awaitility.Awaitility.await().until(() -> fixture.cluster().node(1).received().size() == 2);

    fixture.client().close();

    KvException failure =
        (KvException)
            Objects.requireNonNull(
                catchThrowableOfType(java.util.concurrent.CompletionException.class, put::join)
                    .getCause());
    assertThat(failure.reason()).isEqualTo(KvException.CLOSED);
    assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(fixture.failureOf(() -> fixture.client().get("k")).reason())
        .isEqualTo(KvException.CLOSED);
  }

  @Test
  void blockingOnTheClientsOwnLoopIsRefused() {
    CompletableFuture<Object> inCallback =
        fixture
            .client()
            .async()
            .get("k", ReadMode.LINEARIZABLE)
            .handle((r, e) -> fixture.client().get("k"));

    assertThatThrownBy(inCallback::join).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void traceTellsOfEachCopyAndItsEnd() {
    fixture.cluster().node(1).next(refuse(Code.UNAVAILABLE, "OVERLOADED", "NOT_APPLIED"));

    fixture.client().put("k", "v");

    assertThat(fixture.trace()).anyMatch(line -> line.matches("Put copy 1 to localhost:\\d+"));
    assertThat(fixture.trace()).anyMatch(line -> line.contains("OVERLOADED"));
    assertThat(fixture.trace()).anyMatch(line -> line.matches("Put copy 2 to localhost:\\d+"));
  }

  @Test
  void badEndpointsAreNamed() {
    assertThatThrownBy(() -> KvClient.connect("localhost:99999"))
        .hasMessageContaining("localhost:99999");
    assertThatThrownBy(() -> KvClient.connect("localhost:x")).hasMessageContaining("port");
    assertThatThrownBy(() -> KvClient.connect(":9001")).hasMessageContaining("host");
    assertThatThrownBy(KvClient::connect).hasMessageContaining("endpoint");
    assertThat(Address.parse("9001")).isEqualTo(new Address("localhost", 9001));
    assertThat(Address.parse("[::1]:9001")).isEqualTo(new Address("::1", 9001));
  }

  @Test
  void leaderOnlyIsPassedOnAndItsRefusalShownWithTheHint() {
    KvClient pinned = fixture.clientFor(Duration.ofSeconds(2), 2);
    fixture.cluster().node(2).next(notLeader(1, 1));
    WriteOptions leaderOnly = WriteOptions.DEFAULT.withRouting(WriteOptions.Routing.LEADER_ONLY);

    KvException failure = fixture.failureOf(() -> pinned.put("k", KvValue.of("v"), leaderOnly));

    assertThat(fixture.putReceived(2, 0).getRouting()).isEqualTo(Routing.ROUTING_LEADER_ONLY);
    assertThat(failure.reason()).isEqualTo("NOT_LEADER");
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure.details()).containsEntry("leader_id", "1");
  }

  @Test
  void transferIsNotRepeatedWhenItsFateIsUnknown() {
    fixture.cluster().node(1).next(Treatment.applyAndSwallow());
    fixture.connect(fixture.cluster().config().withTimeout(Duration.ofSeconds(2)));

    assertThatThrownBy(() -> fixture.client().cluster().transferLeadership(2).join())
        .hasCauseInstanceOf(KvException.class);
    assertThat(fixture.cluster().leadership().term()).isEqualTo(2);
    assertThat(fixture.cluster().node(2).received()).isEmpty();
  }

  @Test
  void transferFollowsTheHint() {
    fixture.cluster().lead(3, 3);
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.UNAVAILABLE, "NOT_LEADER")
                    .with("node_id", 1)
                    .with("term", 3)
                    .with("leader_id", 3)
                    .with("leader_endpoint", fixture.cluster().node(3).endpoint())));

    assertThat(fixture.client().cluster().transferLeadership(2).join().getLeaderId()).isEqualTo(2);
  }
}
