package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import raftkv.kv.CommandCodec;
import raftkv.kv.Condition;
import raftkv.kv.KvAnswer;
import raftkv.kv.KvCommand;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.node.ReadRequest;
import raftkv.node.RequestDeadline;
import raftkv.node.WriteOutcome;
import raftkv.node.WriteRequest;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.Routing;
import raftkv.raft.Bytes;

/** What callers ask, in the node's words, and the node's answers in theirs. */
@ParameterizedClass
@EnumSource(Way.class)
class TranslationTest {
  private final ServiceFixture service;

  TranslationTest(Way way) {
    service = new ServiceFixture(way);
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void putBecomesACommandWithItsIdentity() {
    service.answerWrites(new KvAnswer.PutDone(80, 12, 3, false));

    service.kv.put(
        PutRequest.newBuilder()
            .setKey("k")
            .setValue("v")
            .setClientId("c")
            .setSeqNum(7)
            .setAckSeq(0)
            .setSessionStart(5)
            .setRouting(Routing.ROUTING_LEADER_ONLY)
            .build());

    WriteRequest written = written();
    assertThat(written.identified()).isTrue();
    assertThat(written.routing()).isEqualTo(WriteRequest.Routing.LEADER_ONLY);
    assertThat(CommandCodec.decode(written.command()))
        .isEqualTo(
            new KvCommand.Put(
                RequestIdentity.of("c", 7).withAckSeq(0).withSessionStart(5),
                bytes("k"),
                KvValue.text("v")));
  }

  @Test
  void putWithoutValueStoresTheEmptyText() {
    service.answerWrites(new KvAnswer.PutDone(80, 12, 3, false));

    service.kv.put(PutRequest.newBuilder().setKey("k").build());

    assertThat(CommandCodec.decode(written().command()))
        .isEqualTo(new KvCommand.Put(null, bytes("k"), KvValue.text("")));
    assertThat(written().identified()).isFalse();
    assertThat(written().routing()).isEqualTo(WriteRequest.Routing.ANY);
  }

  @Test
  void putIsAnsweredWithHeaderAndVersions() {
    service.answerWrites(new KvAnswer.PutDone(80, 12, 3, true));

    PutResponse response = service.kv.put(PutRequest.newBuilder().setKey("k").build());

    assertThat(response.getModIndex()).isEqualTo(80);
    assertThat(response.getCreateIndex()).isEqualTo(12);
    assertThat(response.getVersion()).isEqualTo(3);
    assertThat(response.getHeader().getDeduplicated()).isTrue();
    assertThat(response.getHeader().getNodeId()).isEqualTo(2);
    assertThat(response.getHeader().getLeaderId()).isEqualTo(3);
    assertThat(response.getHeader().getLeaderEndpoint()).isEqualTo("three:9003");
    assertThat(response.getHeader().getTerm()).isEqualTo(5);
    assertThat(response.getHeader().getAppliedIndex()).isEqualTo(812);
    assertThat(response.getHeader().getClusterId()).hasSize(32);
  }

  @Test
  void deleteCarriesItsCondition() {
    service.answerWrites(new KvAnswer.DeleteDone(80, false, null, false));

    service.kv.delete(DeleteRequest.newBuilder().setKey("k").setExpectedModIndex(0).build());

    assertThat(CommandCodec.decode(written().command()))
        .isEqualTo(new KvCommand.Delete(null, bytes("k"), 0));
  }

  @Test
  void everyConditionOfACompareAndSetIsUnderstood() {
    service.answerWrites(new KvAnswer.CompareAndSetDone(80, true, null, false));

    assertThat(conditionOf(cas().setExpectedValue("a").build()))
        .isEqualTo(new Condition.ValueIs(KvValue.text("a")));
    assertThat(conditionOf(cas().setExpectedBytesValue(ByteString.copyFromUtf8("a")).build()))
        .isEqualTo(new Condition.ValueIs(KvValue.bytes(new byte[] {'a'})));
    assertThat(conditionOf(cas().setExpectedModIndex(4).build()))
        .isEqualTo(new Condition.ModIndexIs(4));
    assertThat(conditionOf(cas().setExpectedAbsent(true).build()))
        .isEqualTo(new Condition.Absent());
  }

  @Test
  void cancelGoesThroughTheLog() {
    service.requests.writeOutcome = new WriteOutcome.NoLeader();

    try {
      service.kv.getRequestOutcome(
          GetRequestOutcomeRequest.newBuilder()
              .setClientId("c")
              .setSeqNum(4)
              .setCancel(true)
              .build());
    } catch (io.grpc.StatusRuntimeException expected) {
      assertThat(expected.getTrailers()).isNotNull();
    }

    assertThat(CommandCodec.decode(written().command()))
        .isEqualTo(new KvCommand.Cancel(RequestIdentity.of("c", 4)));
  }

  @Test
  void readOptionsAreUnderstood() {
    get(ReadOptions.getDefaultInstance());
    assertThat(consistency()).isEqualTo(new ReadRequest.Linearizable());

    get(
        ReadOptions.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_STALE)
            .setMinIndex(9)
            .setMaxStalenessMs(250)
            .build());
    assertThat(consistency()).isEqualTo(new ReadRequest.Stale(9, 250_000_000));

    get(
        ReadOptions.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_STALE)
            .setMaxStalenessMs(Long.MAX_VALUE)
            .build());
    assertThat(((ReadRequest.Stale) consistency()).maxStalenessNanos()).isPositive();
  }

  @Test
  void callWithoutDeadlineGetsTenSeconds() {
    get(ReadOptions.getDefaultInstance());

    assertThat(deadline()).isEqualTo(ScriptedRequests.NOW + RequestDeadline.DEFAULT_NANOS);
  }

  @Test
  void serverAnswersBeforeTheCallerStopsWaiting() {
    service
        .kv
        .withDeadlineAfter(8, TimeUnit.SECONDS)
        .get(GetRequest.newBuilder().setKey("k").build());

    assertThat(deadline() - ScriptedRequests.NOW)
        .isLessThanOrEqualTo(7_950_000_000L)
        .isGreaterThan(5_000_000_000L);
  }

  @Test
  void longestDeadlineIsAMinute() {
    service
        .kv
        .withDeadlineAfter(1, TimeUnit.HOURS)
        .get(GetRequest.newBuilder().setKey("k").build());

    assertThat(deadline() - ScriptedRequests.NOW).isLessThanOrEqualTo(60_000_000_000L);
  }

  private void get(ReadOptions options) {
    service.kv.get(GetRequest.newBuilder().setKey("k").setRead(options).build());
  }

  private static CompareAndSetRequest.Builder cas() {
    return CompareAndSetRequest.newBuilder().setKey("k").setValue("new");
  }

  private Condition conditionOf(CompareAndSetRequest request) {
    service.kv.compareAndSet(request);
    return ((KvCommand.CompareAndSet) CommandCodec.decode(written().command())).condition();
  }

  private WriteRequest written() {
    WriteRequest written = service.requests.written;
    assertThat(written).isNotNull();
    return written;
  }

  private ReadRequest.Consistency consistency() {
    ReadRequest read = service.requests.read;
    assertThat(read).isNotNull();
    return read.consistency();
  }

  private long deadline() {
    ReadRequest read = service.requests.read;
    assertThat(read).isNotNull();
    return read.deadlineNanos();
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
