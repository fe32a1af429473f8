package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.CountRequest;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.ListRequest;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.ReadOptions;
import raftkv.proto.kv.v1.TransferLeadershipRequest;

/** Requests that cannot be meant so: which reason and field, and that they reach nobody. */
@ParameterizedClass
@EnumSource(Way.class)
class BadCallsTest {
  private static final String LONG = "x".repeat(1_025);
  private static final int TOO_MUCH = (1 << 20) + 1;

  private final ServiceFixture service;

  BadCallsTest(Way way) {
    service = new ServiceFixture(way);
  }

  @AfterEach
  void close() {
    service.close();
  }

  static Stream<Arguments> badPuts() {
    return Stream.of(
        put("KEY_EMPTY", "key", p -> p.setKey("")),
        put("KEY_TOO_LARGE", "key", p -> p.setKey(LONG)),
        put("KEY_TOO_LARGE", "key", p -> p.setKey("é".repeat(513))),
        put("VALUE_TOO_LARGE", "value", p -> p.setValue("x".repeat(TOO_MUCH))),
        put(
            "VALUE_TOO_LARGE",
            "value_bytes",
            p -> p.setBytesValue(ByteString.copyFrom(new byte[TOO_MUCH]))),
        put("SEQ_NUM_MISSING", "seq_num", p -> p.setClientId("c")),
        put("NUMBER_OUT_OF_RANGE", "seq_num", p -> p.setClientId("c").setSeqNum(-1)),
        put("CLIENT_ID_MISSING", "client_id", p -> p.setSeqNum(1)),
        put("CLIENT_ID_MISSING", "client_id", p -> p.setAckSeq(0)),
        put("CLIENT_ID_MISSING", "client_id", p -> p.setSessionStart(5)),
        put("CLIENT_ID_TOO_LARGE", "client_id", p -> p.setClientId("x".repeat(65)).setSeqNum(1)),
        put("ACK_SEQ_INVALID", "ack_seq", p -> p.setClientId("c").setSeqNum(3).setAckSeq(3)),
        put("ROUTING_UNKNOWN", "routing", p -> p.setRoutingValue(9)));
  }

  static Stream<Arguments> badListsAndSwaps() {
    return Stream.of(
        cas("CONDITION_MISSING", "condition", c -> {}),
        cas("CONDITION_INVALID", "expected_absent", c -> c.setExpectedAbsent(false)),
        cas("NUMBER_OUT_OF_RANGE", "expected_mod_index", c -> c.setExpectedModIndex(-1)),
        cas(
            "REQUEST_TOO_LARGE",
            "request",
            c -> c.setExpectedValue("x".repeat(1 << 20)).setValue("y".repeat(1 << 20))),
        list("PAGE_SIZE_INVALID", "page_size", l -> l.setPageSize(-1)),
        list("PAGE_SIZE_INVALID", "page_size", l -> l.setPageSize(1_001)),
        list("PAGE_TOKEN_INVALID", "page_token", l -> l.setPageToken("!")),
        list("PAGE_TOKEN_INVALID", "page_token", l -> l.setPageToken("AAAA")),
        list("PREFIX_TOO_LARGE", "prefix", l -> l.setPrefix(LONG)));
  }

  static Stream<Arguments> badReads() {
    return Stream.of(
        Arguments.of("KEY_EMPTY", "key", call(s -> s.kv.get(GetRequest.getDefaultInstance()))),
        Arguments.of(
            "PREFIX_TOO_LARGE",
            "prefix",
            call(s -> s.kv.count(CountRequest.newBuilder().setPrefix(LONG).build()))),
        Arguments.of(
            "READ_OPTIONS_INVALID",
            "read.consistency",
            call(
                s ->
                    s.kv.get(
                        GetRequest.newBuilder()
                            .setKey("k")
                            .setRead(ReadOptions.newBuilder().setMinIndex(5))
                            .build()))),
        Arguments.of(
            "NUMBER_OUT_OF_RANGE",
            "min_index",
            call(
                s ->
                    s.kv.get(
                        GetRequest.newBuilder()
                            .setKey("k")
                            .setRead(
                                ReadOptions.newBuilder()
                                    .setConsistency(Consistency.CONSISTENCY_STALE)
                                    .setMinIndex(-5))
                            .build()))));
  }

  static Stream<Arguments> otherBadCalls() {
    return Stream.of(
        Arguments.of(
            "KEY_EMPTY", "key", call(s -> s.kv.delete(DeleteRequest.getDefaultInstance()))),
        Arguments.of(
            "NUMBER_OUT_OF_RANGE",
            "expected_mod_index",
            call(
                s ->
                    s.kv.delete(
                        DeleteRequest.newBuilder().setKey("k").setExpectedModIndex(-1).build()))),
        Arguments.of(
            "CLIENT_ID_MISSING",
            "client_id",
            call(s -> s.kv.getRequestOutcome(GetRequestOutcomeRequest.getDefaultInstance()))),
        Arguments.of(
            "TARGET_UNKNOWN",
            "target_id",
            call(
                s ->
                    s.cluster.transferLeadership(
                        TransferLeadershipRequest.newBuilder().setTargetId(9).build()))));
  }

  @ParameterizedTest
  @MethodSource({"badPuts", "badListsAndSwaps", "badReads", "otherBadCalls"})
  void badCallNamesReasonAndField(String reason, String field, Consumer<ServiceFixture> call) {
    StatusRuntimeException thrown =
        catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(service));

    ServiceFixture.Seen seen = ServiceFixture.seen(thrown);
    assertThat(seen.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.badRequest()).isNotNull();
    assertThat(seen.badRequest().getFieldViolations(0).getField()).isEqualTo(field);
    assertThat(seen.detailBytes()).isLessThan(1_024);
    assertThat(service.requests.written).isNull();
    assertThat(service.requests.read).isNull();
  }

  @Test
  void sizeIsNamedWithItsLimit() {
    StatusRuntimeException thrown =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> service.kv.put(PutRequest.newBuilder().setKey(LONG).build()));

    assertThat(thrown.getStatus().getDescription())
        .isEqualTo("key has 1025 bytes, at most 1024 are allowed");
  }

  private static Arguments put(String reason, String field, Consumer<PutRequest.Builder> change) {
    PutRequest.Builder request = PutRequest.newBuilder().setKey("k");
    change.accept(request);
    return Arguments.of(reason, field, call(s -> s.kv.put(request.build())));
  }

  private static Arguments cas(
      String reason, String field, Consumer<CompareAndSetRequest.Builder> change) {
    CompareAndSetRequest.Builder request = CompareAndSetRequest.newBuilder().setKey("k");
    change.accept(request);
    return Arguments.of(reason, field, call(s -> s.kv.compareAndSet(request.build())));
  }

  private static Arguments list(String reason, String field, Consumer<ListRequest.Builder> change) {
    ListRequest.Builder request = ListRequest.newBuilder();
    change.accept(request);
    return Arguments.of(reason, field, call(s -> s.kv.list(request.build())));
  }

  private static Consumer<ServiceFixture> call(Consumer<ServiceFixture> call) {
    return call;
  }
}
