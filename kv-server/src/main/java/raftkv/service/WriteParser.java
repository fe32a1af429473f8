package raftkv.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import raftkv.kv.Condition;
import raftkv.kv.KvCommand;
import raftkv.kv.KvLimits;
import raftkv.kv.KvValue;
import raftkv.kv.RequestIdentity;
import raftkv.kv.ValueKind;
import raftkv.node.WriteRequest;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.Routing;
import raftkv.raft.Bytes;

/** Makes commands of requests, or says which field is wrong. Pure. */
final class WriteParser {
  /** Largest request: a value, its key, and what is around them. */
  static final int MAX_REQUEST_BYTES = 5 << 18;

  private final KvLimits limits;

  WriteParser(KvLimits limits) {
    this.limits = limits;
  }

  KvCommand put(PutRequest request) {
    Bytes key = key(request.getKey());
    KvValue value =
        switch (request.getDataCase()) {
          case BYTES_VALUE -> bytes(request.getBytesValue(), "value_bytes");
          case VALUE, DATA_NOT_SET -> text(request.getValue(), "value");
        };
    checkSize(request);
    return new KvCommand.Put(
        identity(
            request.getClientId(),
            request.getSeqNum(),
            request.hasAckSeq() ? request.getAckSeq() : null,
            request.hasSessionStart() ? request.getSessionStart() : null),
        key,
        value);
  }

  KvCommand delete(DeleteRequest request) {
    Bytes key = key(request.getKey());
    checkSize(request);
    RequestIdentity identity =
        identity(
            request.getClientId(),
            request.getSeqNum(),
            request.hasAckSeq() ? request.getAckSeq() : null,
            request.hasSessionStart() ? request.getSessionStart() : null);
    if (!request.hasExpectedModIndex()) {
      return new KvCommand.Delete(identity, key);
    }
    InvalidRequest.unlessNumber(request.getExpectedModIndex(), "expected_mod_index");
    return new KvCommand.Delete(identity, key, request.getExpectedModIndex());
  }

  KvCommand compareAndSet(CompareAndSetRequest request) {
    Bytes key = key(request.getKey());
    Condition condition = condition(request);
    KvValue value =
        switch (request.getDataCase()) {
          case BYTES_VALUE -> bytes(request.getBytesValue(), "value_bytes");
          case VALUE, DATA_NOT_SET -> text(request.getValue(), "value");
        };
    checkSize(request);
    return new KvCommand.CompareAndSet(
        identity(
            request.getClientId(),
            request.getSeqNum(),
            request.hasAckSeq() ? request.getAckSeq() : null,
            request.hasSessionStart() ? request.getSessionStart() : null),
        key,
        condition,
        value);
  }

  KvCommand cancel(GetRequestOutcomeRequest request) {
    return new KvCommand.Cancel(outcomeOf(request));
  }

  /** Which request is asked about. */
  RequestIdentity outcomeOf(GetRequestOutcomeRequest request) {
    RequestIdentity identity =
        identity(
            request.getClientId(),
            request.getSeqNum(),
            null,
            request.hasSessionStart() ? request.getSessionStart() : null);
    if (identity == null) {
      throw new InvalidRequest("CLIENT_ID_MISSING", "client_id", "client_id is missing");
    }
    return identity;
  }

  static WriteRequest.Routing routing(Routing routing) {
    return switch (routing) {
      case ROUTING_UNSPECIFIED, ROUTING_ANY -> WriteRequest.Routing.ANY;
      case ROUTING_LEADER_ONLY -> WriteRequest.Routing.LEADER_ONLY;
      case UNRECOGNIZED ->
          throw new InvalidRequest("ROUTING_UNKNOWN", "routing", "routing is not known here");
    };
  }

  /** A key, within the limits. */
  Bytes key(String key) {
    InvalidRequest.unless(!key.isEmpty(), "KEY_EMPTY", "key", "key is empty");
    return sized(utf8(key), "KEY_TOO_LARGE", "key", limits.maxKeyBytes());
  }

  /** What keys begin with; empty for all. */
  Bytes prefix(String prefix) {
    return sized(utf8(prefix), "PREFIX_TOO_LARGE", "prefix", limits.maxKeyBytes());
  }

  static String tooLarge(String field, long sizeBytes, long maxBytes) {
    return field + " has " + sizeBytes + " bytes, at most " + maxBytes + " are allowed";
  }

  private KvValue text(String text, String field) {
    return value(ValueKind.TEXT, utf8(text), field);
  }

  private KvValue bytes(ByteString bytes, String field) {
    return value(ValueKind.BYTES, bytes.toByteArray(), field);
  }

  private KvValue value(ValueKind kind, byte[] bytes, String field) {
    return new KvValue(kind, sized(bytes, "VALUE_TOO_LARGE", field, limits.maxValueBytes()));
  }

  private Condition condition(CompareAndSetRequest request) {
    return switch (request.getConditionCase()) {
      case EXPECTED_VALUE ->
          new Condition.ValueIs(text(request.getExpectedValue(), "expected_value"));
      case EXPECTED_BYTES_VALUE ->
          new Condition.ValueIs(bytes(request.getExpectedBytesValue(), "expected_value_bytes"));
      case EXPECTED_MOD_INDEX -> {
        InvalidRequest.unlessNumber(request.getExpectedModIndex(), "expected_mod_index");
        yield new Condition.ModIndexIs(request.getExpectedModIndex());
      }
      case EXPECTED_ABSENT -> {
        InvalidRequest.unless(
            request.getExpectedAbsent(),
            "CONDITION_INVALID",
            "expected_absent",
            "expected_absent must be true if it is given");
        yield new Condition.Absent();
      }
      case CONDITION_NOT_SET ->
          throw new InvalidRequest(
              "CONDITION_MISSING",
              "condition",
              "one of expected_value, expected_value_bytes, expected_mod_index, expected_absent is"
                  + " needed");
    };
  }

  private static @Nullable RequestIdentity identity(
      String clientId, long seqNum, @Nullable Long ackSeq, @Nullable Long sessionStart) {
    if (clientId.isEmpty()) {
      InvalidRequest.unless(
          seqNum == 0 && ackSeq == null && sessionStart == null,
          "CLIENT_ID_MISSING",
          "client_id",
          "seq_num, ack_seq and session_start mean nothing without client_id");
      return null;
    }
    Bytes id =
        sized(
            utf8(clientId),
            "CLIENT_ID_TOO_LARGE",
            "client_id",
            RequestIdentity.MAX_CLIENT_ID_BYTES);
    InvalidRequest.unless(
        seqNum != 0, "SEQ_NUM_MISSING", "seq_num", "client_id needs a seq_num, from 1");
    InvalidRequest.unlessNumber(seqNum, "seq_num");
    if (sessionStart != null) {
      InvalidRequest.unlessNumber(sessionStart, "session_start");
    }
    if (ackSeq != null) {
      InvalidRequest.unlessNumber(ackSeq, "ack_seq");
      InvalidRequest.unless(
          ackSeq < seqNum, "ACK_SEQ_INVALID", "ack_seq", "ack_seq must be below seq_num");
    }
    return new RequestIdentity(
        id,
        seqNum,
        ackSeq == null ? RequestIdentity.NO_ACK : ackSeq,
        sessionStart == null ? 0 : sessionStart);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Bytes sized(byte[] bytes, String reason, String field, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new InvalidRequest(reason, field, tooLarge(field, bytes.length, maxBytes));
    }
    return Bytes.wrap(bytes);
  }

  /** Value and expected value together may be too much although each is allowed. */
  private static void checkSize(MessageLite request) {
    int size = request.getSerializedSize();
    if (size > MAX_REQUEST_BYTES) {
      throw new InvalidRequest(
          "REQUEST_TOO_LARGE", "request", tooLarge("request", size, MAX_REQUEST_BYTES));
    }
  }
}
