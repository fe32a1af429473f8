package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in one process, called as a terminal client calls them. */
@Timeout(120)
class ServedClusterTest {
  private static final String KV = "kv.v1.KvService/";
  private static final String CLUSTER = "kv.v1.ClusterService/";

  @TempDir static Path directory;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LocalCluster(directory, 3).start();
    eventually(() -> leader() > 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
    assertThat(cluster.failures).isEmpty();
  }

  @Test
  void reflectionListsAllServices() throws Exception {
    assertThat(cluster.client(1).services())
        .contains(
            "kv.v1.KvService",
            "kv.v1.ClusterService",
            "raft.v1.RaftPeer",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
  }

  @Test
  void valueWrittenThroughAnyNodeIsReadThroughAnyOther() throws Exception {
    for (int writer = 1; writer <= 3; writer++) {
      String key = "any" + writer;
      call(writer, KV + "Put", "{'key':'" + key + "','value':'v" + writer + "'}");
      for (int reader = 1; reader <= 3; reader++) {
        Struct answer = call(reader, KV + "Get", "{'key':'" + key + "'}");
        assertThat(text(answer, "value")).isEqualTo("v" + writer);
        assertThat(flag(answer, "found")).isTrue();
        assertThat(number(header(answer), "nodeId")).isEqualTo(reader);
        assertThat(text(header(answer), "clusterId")).hasSize(32);
      }
    }
  }

  @Test
  void missingKeyIsNotAnError() throws Exception {
    Struct answer = call(1, KV + "Get", "{'key':'nobody'}");

    assertThat(answer.getFieldsMap()).containsKey("found");
    assertThat(flag(answer, "found")).isFalse();
  }

  @Test
  void duplicateGetsTheFirstAnswer() throws Exception {
    String put = "{'key':'twice','value':'%s','client_id':'dup','seq_num':1}";

    Struct first = call(1, KV + "Put", put.formatted("a"));
    call(2, KV + "Put", "{'key':'twice','value':'b'}");
    Struct again = call(3, KV + "Put", put.formatted("a"));

    assertThat(flag(header(first), "deduplicated")).isFalse();
    assertThat(flag(header(again), "deduplicated")).isTrue();
    assertThat(text(again, "modIndex")).isEqualTo(text(first, "modIndex"));
    assertThat(text(call(1, KV + "Get", "{'key':'twice'}"), "value")).isEqualTo("b");
    assertError(3, KV + "Put", put.formatted("c"), Status.Code.INVALID_ARGUMENT, "SEQ_NUM_REUSED");
  }

  @Test
  void outcomeOfAWriteIsRemembered() throws Exception {
    call(1, KV + "Put", "{'key':'asked','value':'x','clientId':'ask','seqNum':'5'}");

    Struct known = call(2, KV + "GetRequestOutcome", "{'client_id':'ask','seq_num':5}");
    Struct sealed =
        call(3, KV + "GetRequestOutcome", "{'client_id':'ask','seq_num':9,'cancel':true}");

    assertThat(text(known, "outcome")).isEqualTo("REQUEST_OUTCOME_APPLIED");
    assertThat(known.getFieldsMap()).containsKey("put");
    assertThat(text(sealed, "outcome")).isEqualTo("REQUEST_OUTCOME_NOT_APPLIED");
    assertError(
        1,
        KV + "Put",
        "{'key':'asked','value':'y','client_id':'ask','seq_num':9}",
        Status.Code.FAILED_PRECONDITION,
        "CANCELLED_BY_CLIENT");
    assertError(
        1,
        KV + "Put",
        "{'key':'asked','value':'y','client_id':'ask','seq_num':2}",
        Status.Code.FAILED_PRECONDITION,
        "SEQ_NUM_TOO_OLD");
  }

  @Test
  void compareAndSetAnswersEitherWay() throws Exception {
    String absent = "{'key':'lock','expected_absent':true,'value':'me'}";

    Struct taken = call(1, KV + "CompareAndSet", absent);
    Struct refused = call(2, KV + "CompareAndSet", absent);
    String modIndex = text(entry(refused), "modIndex");
    Struct wrong = call(3, KV + "Delete", "{'key':'lock','expected_mod_index':1}");
    Struct released =
        call(1, KV + "Delete", "{'key':'lock','expected_mod_index':" + modIndex + "}");

    assertThat(flag(taken, "succeeded")).isTrue();
    assertThat(flag(refused, "succeeded")).isFalse();
    assertThat(text(entry(refused), "value")).isEqualTo("me");
    assertThat(flag(wrong, "succeeded")).isFalse();
    assertThat(flag(wrong, "found")).isTrue();
    assertThat(flag(released, "succeeded")).isTrue();
  }

  @Test
  void bytesStayBytes() throws Exception {
    call(1, KV + "Put", "{'key':'binary','value_bytes':'AAEC'}");

    Struct answer = call(2, KV + "Get", "{'key':'binary'}");

    assertThat(text(answer, "value_bytes")).isEqualTo("AAEC");
    assertThat(answer.getFieldsMap()).doesNotContainKey("value");
  }

  @Test
  void keysAreListedPageByPageAndCounted() throws Exception {
    for (String name : List.of("page/a", "page/b", "page/c")) {
      call(1, KV + "Put", "{'key':'" + name + "','value':'x'}");
    }

    Struct first = call(2, KV + "List", "{'prefix':'page/','page_size':2}");
    String token = text(first, "nextPageToken");
    Struct second =
        call(
            3,
            KV + "List",
            "{'prefix':'page/','page_size':2,'keys_only':true,'page_token':'" + token + "'}");

    assertThat(first.getFieldsOrThrow("entries").getListValue().getValuesCount()).isEqualTo(2);
    Value last = second.getFieldsOrThrow("entries").getListValue().getValues(0);
    assertThat(text(last.getStructValue(), "key")).isEqualTo("page/c");
    assertThat(last.getStructValue().getFieldsMap()).doesNotContainKey("value");
    assertThat(second.getFieldsMap()).doesNotContainKey("nextPageToken");
    assertThat(text(call(1, KV + "Count", "{'prefix':'page/'}"), "count")).isEqualTo("3");
    assertError(
        1,
        KV + "List",
        "{'prefix':'other/','page_token':'" + token + "'}",
        Status.Code.INVALID_ARGUMENT,
        "PAGE_TOKEN_INVALID");
  }

  @Test
  void staleReadWaitsForItsIndexAndRefusesOneThatNeverComes() throws Exception {
    Struct written = call(1, KV + "Put", "{'key':'mine','value':'seen'}");
    String stale = "{'key':'mine','read':{'consistency':'CONSISTENCY_STALE','min_index':%s}}";

    for (int node = 1; node <= 3; node++) {
      Struct read = call(node, KV + "Get", stale.formatted(text(written, "modIndex")));
      assertThat(text(read, "value")).isEqualTo("seen");
    }
  }

  @Test
  void followerDeclinesIfAskedTo() throws Exception {
    int leader = leader();
    int follower = leader % 3 + 1;

    String details =
        assertError(
            follower,
            KV + "Put",
            "{'key':'k','value':'v','routing':'ROUTING_LEADER_ONLY'}",
            Status.Code.UNAVAILABLE,
            "NOT_LEADER");

    assertThat(details)
        .contains("\"leader_id\":\"" + leader + "\"")
        .contains("127.0.0.1:" + cluster.ports.get(leader - 1))
        .contains("NOT_APPLIED")
        .contains("google.rpc.RetryInfo");
  }

  @Test
  void limitsAreRefusedWithTheFieldAndTheNodeServesOn() throws Exception {
    String details =
        assertError(
            1,
            KV + "Put",
            "{'key':'big','value':'" + "x".repeat(2 << 20) + "'}",
            Status.Code.INVALID_ARGUMENT,
            "VALUE_TOO_LARGE");

    assertThat(details).contains("fieldViolations", "at most 1048576 are allowed");
    call(1, KV + "Put", "{'key':'big','value':'" + "x".repeat(1 << 20) + "'}");
    assertThat(text(call(2, KV + "Get", "{'key':'big'}"), "value")).hasSize(1 << 20);
  }

  @Test
  void statusAndMembersAgreeOnTheLeader() throws Exception {
    int leader = leader();

    Struct status = call(leader, CLUSTER + "Status", "{}");
    Struct members = call(leader, CLUSTER + "Members", "{}");

    assertThat(text(status, "role")).isEqualTo("ROLE_LEADER");
    assertThat(number(status, "leaderId")).isEqualTo(leader);
    assertThat(text(status, "version")).isEqualTo("test");
    assertThat(text(status, "incarnation")).hasSize(32);
    assertThat(flag(status, "counts")).isTrue();
    Struct limits = status.getFieldsOrThrow("limits").getStructValue();
    assertThat(number(limits, "maxKeyBytes")).isEqualTo(1_024);
    assertThat(flag(members, "fromLeader")).isTrue();
    List<Value> all = members.getFieldsOrThrow("members").getListValue().getValuesList();
    assertThat(all).hasSize(3);
    assertThat(all).allMatch(member -> flag(member.getStructValue(), "reachable"));
    assertThat(all).allMatch(member -> flag(member.getStructValue(), "counts"));
  }

  @Test
  void replicasHaveEqualHashesAtEqualIndexes() throws Exception {
    Struct written = call(1, KV + "Put", "{'key':'hashed','value':'x'}");
    String question = "{'index':" + text(written, "modIndex") + "}";

    String hash = text(call(1, CLUSTER + "StateHash", question), "stateHash");

    assertThat(hash).hasSize(32);
    assertThat(text(call(2, CLUSTER + "StateHash", question), "stateHash")).isEqualTo(hash);
    assertThat(text(call(3, CLUSTER + "StateHash", question), "stateHash")).isEqualTo(hash);
  }

  @Test
  void healthServesWhileTheNodeDoes() throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", cluster.ports.get(0)).usePlaintext().build();
    try {
      for (String service : List.of("", "kv.v1.KvService", "live")) {
        HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
        eventually(
            () ->
                HealthGrpc.newBlockingStub(channel).check(request).getStatus()
                    == ServingStatus.SERVING);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static int leader() throws Exception {
    Struct status = call(1, CLUSTER + "Status", "{}");
    return text(status, "condition").isEmpty() ? number(status, "leaderId") : 0;
  }

  private static String assertError(
      int node, String method, String json, Status.Code code, String reason) throws Exception {
    StatusRuntimeException thrown =
        catchThrowableOfType(StatusRuntimeException.class, () -> call(node, method, json));
    assertThat(thrown).isNotNull();
    assertThat(thrown.getStatus().getCode()).isEqualTo(code);
    String details = cluster.client(node).details(thrown, "kv.v1.KvService");
    assertThat(details).contains("\"reason\":\"" + reason + "\"", "\"domain\":\"kv.v1\"");
    return details;
  }

  private static Struct call(int node, String method, String json) throws Exception {
    Struct.Builder answer = Struct.newBuilder();
    JsonFormat.parser().merge(cluster.client(node).call(method, json.replace('\'', '"')), answer);
    return answer.build();
  }

  private static void eventually(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private static Struct header(Struct answer) {
    return answer.getFieldsOrThrow("header").getStructValue();
  }

  private static Struct entry(Struct answer) {
    return answer.getFieldsOrThrow("entry").getStructValue();
  }

  private static String text(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }

  private static int number(Struct struct, String field) {
    return (int) struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getNumberValue();
  }

  private static boolean flag(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getBoolValue();
  }
}
