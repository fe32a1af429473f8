package raftkv.client;

import java.util.function.Function;
import raftkv.client.session.RequestKind;
import raftkv.proto.kv.v1.CompareAndSetRequest;
import raftkv.proto.kv.v1.CompareAndSetResponse;
import raftkv.proto.kv.v1.DeleteRequest;
import raftkv.proto.kv.v1.DeleteResponse;
import raftkv.proto.kv.v1.KvServiceGrpc;
import raftkv.proto.kv.v1.PipelineAnswer;
import raftkv.proto.kv.v1.PipelineCall;
import raftkv.proto.kv.v1.PutRequest;
import raftkv.proto.kv.v1.PutResponse;
import raftkv.proto.kv.v1.Routing;

/** The operations that change something. */
final class Writes {
  private Writes() {}

  static Operation<PutRequest, PutResponse, PutResult> put(
      String key, KvValue value, WriteOptions options) {
    Function<Stamp, PutRequest> encode =
        stamp -> {
          PutRequest.Builder request = PutRequest.newBuilder().setKey(key);
          if (value instanceof KvValue.Raw raw) {
            request.setBytesValue(raw.bytes());
          } else {
            request.setValue(value.toText());
          }
          if (stamp.ackSeq() != null) {
            request.setAckSeq(stamp.ackSeq());
          }
          if (stamp.sessionStart() != null) {
            request.setSessionStart(stamp.sessionStart());
          }
          return request
              .setClientId(stamp.clientId())
              .setSeqNum(stamp.seqNum())
              .setRouting(routing(options))
              .build();
        };
    return new Operation<>(
        KvServiceGrpc.getPutMethod(),
        kind(options),
        new PipelineForm<>(PipelineCall.Builder::setPut, PipelineAnswer::getPut),
        encode,
        PutResponse::getHeader,
        Answers::put);
  }

  static Operation<DeleteRequest, DeleteResponse, DeleteResult> delete(
      String key, WriteOptions options) {
    return delete(DeleteRequest.newBuilder().setKey(key).build(), options);
  }

  static Operation<DeleteRequest, DeleteResponse, DeleteResult> deleteIf(
      String key, long modIndex, WriteOptions options) {
    return delete(
        DeleteRequest.newBuilder().setKey(key).setExpectedModIndex(modIndex).build(), options);
  }

  private static Operation<DeleteRequest, DeleteResponse, DeleteResult> delete(
      DeleteRequest plain, WriteOptions options) {
    Function<Stamp, DeleteRequest> encode =
        stamp -> {
          DeleteRequest.Builder request = plain.toBuilder();
          if (stamp.ackSeq() != null) {
            request.setAckSeq(stamp.ackSeq());
          }
          if (stamp.sessionStart() != null) {
            request.setSessionStart(stamp.sessionStart());
          }
          return request
              .setClientId(stamp.clientId())
              .setSeqNum(stamp.seqNum())
              .setRouting(routing(options))
              .build();
        };
    return new Operation<>(
        KvServiceGrpc.getDeleteMethod(),
        kind(options),
        new PipelineForm<>(PipelineCall.Builder::setDelete, PipelineAnswer::getDelete),
        encode,
        DeleteResponse::getHeader,
        Answers::delete);
  }

  static Operation<CompareAndSetRequest, CompareAndSetResponse, CompareAndSetResult> compareAndSet(
      String key, Condition condition, KvValue value, WriteOptions options) {
    CompareAndSetRequest plain = unstamped(key, condition, value);
    Function<Stamp, CompareAndSetRequest> encode =
        stamp -> {
          CompareAndSetRequest.Builder request = plain.toBuilder();
          if (stamp.ackSeq() != null) {
            request.setAckSeq(stamp.ackSeq());
          }
          if (stamp.sessionStart() != null) {
            request.setSessionStart(stamp.sessionStart());
          }
          return request
              .setClientId(stamp.clientId())
              .setSeqNum(stamp.seqNum())
              .setRouting(routing(options))
              .build();
        };
    return new Operation<>(
        KvServiceGrpc.getCompareAndSetMethod(),
        kind(options),
        new PipelineForm<>(
            PipelineCall.Builder::setCompareAndSet, PipelineAnswer::getCompareAndSet),
        encode,
        CompareAndSetResponse::getHeader,
        Answers::compareAndSet);
  }

  private static CompareAndSetRequest unstamped(String key, Condition condition, KvValue value) {
    CompareAndSetRequest.Builder request = CompareAndSetRequest.newBuilder().setKey(key);
    if (value instanceof KvValue.Raw raw) {
      request.setBytesValue(raw.bytes());
    } else {
      request.setValue(value.toText());
    }
    if (condition instanceof Condition.ModIndexIs at) {
      return request.setExpectedModIndex(at.modIndex()).build();
    }
    if (condition instanceof Condition.ValueIs current) {
      return current.value() instanceof KvValue.Raw raw
          ? request.setExpectedBytesValue(raw.bytes()).build()
          : request.setExpectedValue(current.value().toText()).build();
    }
    return request.setExpectedAbsent(true).build();
  }

  private static RequestKind kind(WriteOptions options) {
    return options.id() == null
        ? RequestKind.WRITE_IN_OWN_SESSION
        : RequestKind.WRITE_WITH_GIVEN_ID;
  }

  private static Routing routing(WriteOptions options) {
    return options.routing() == WriteOptions.Routing.LEADER_ONLY
        ? Routing.ROUTING_LEADER_ONLY
        : Routing.ROUTING_ANY;
  }
}
