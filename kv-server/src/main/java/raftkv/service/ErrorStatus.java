package raftkv.service;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;
import raftkv.node.NodeHeader;

/**
 * Puts one error together: code, sentence, details and trailers. Stays below 1 KiB, since details
 * travel in trailers.
 */
final class ErrorStatus {
  static final String DOMAIN = "kv.v1";
  static final Metadata.Key<String> LEADER =
      Metadata.Key.of("kv-leader", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final int MAX_SENTENCE = 200;
  private static final long SECOND = 1_000_000_000L;

  private final int code;
  private final String sentence;
  private final ErrorInfo.Builder info;
  private final Metadata trailers = new Metadata();
  private @Nullable RetryInfo retry;
  private @Nullable BadRequest badRequest;

  ErrorStatus(io.grpc.Status.Code code, String reason, String sentence) {
    this.code = code.value();
    this.sentence = cut(sentence);
    this.info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason);
  }

  ErrorStatus with(String key, String value) {
    info.putMetadata(key, cut(value));
    return this;
  }

  ErrorStatus with(String key, long value) {
    return with(key, Long.toString(value));
  }

  /** Who answers, and who leads as far as it knows; null if even that could not be asked. */
  ErrorStatus from(@Nullable NodeHeader header, Endpoints endpoints) {
    if (header == null) {
      return this;
    }
    with("node_id", header.node().value());
    with("term", header.term());
    if (header.leader() != null) {
      with("leader_id", header.leader().value());
      String endpoint = endpoints.of(header.leader());
      with("leader_endpoint", endpoint);
      trailers.put(LEADER, endpoint);
    }
    return this;
  }

  ErrorStatus retryAfter(long nanos) {
    retry =
        RetryInfo.newBuilder()
            .setRetryDelay(
                Duration.newBuilder().setSeconds(nanos / SECOND).setNanos((int) (nanos % SECOND)))
            .build();
    return this;
  }

  /** For retry policies of other clients' libraries. */
  ErrorStatus pushback(long nanos) {
    trailers.put(PUSHBACK, Long.toString(nanos / 1_000_000));
    return retryAfter(nanos);
  }

  ErrorStatus field(String field) {
    badRequest =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(sentence))
            .build();
    return this;
  }

  StatusRuntimeException build() {
    Status.Builder status =
        Status.newBuilder().setCode(code).setMessage(sentence).addDetails(Any.pack(info.build()));
    if (retry != null) {
      status.addDetails(Any.pack(retry));
    }
    if (badRequest != null) {
      status.addDetails(Any.pack(badRequest));
    }
    return StatusProto.toStatusRuntimeException(status.build(), trailers);
  }

  private static String cut(String text) {
    return text.length() <= MAX_SENTENCE ? text : text.substring(0, MAX_SENTENCE) + "…";
  }
}
