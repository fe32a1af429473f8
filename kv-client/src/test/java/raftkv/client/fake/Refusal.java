package raftkv.client.fake;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** An error as the public table describes it. */
public final class Refusal {
  private final Code code;
  private final ErrorInfo.Builder info;
  private final Status.Builder status;

  private Refusal(Code code, String reason) {
    this.code = code;
    this.info = ErrorInfo.newBuilder().setDomain("kv.v1").setReason(reason);
    this.status = Status.newBuilder().setMessage("told to answer " + reason);
  }

  /** With that reason, and the outcome of a write. */
  public static Refusal of(Code code, String reason, String outcome) {
    return new Refusal(code, reason).with("outcome", outcome);
  }

  /** With that reason alone, as questions are refused that are no writes. */
  public static Refusal of(Code code, String reason) {
    return new Refusal(code, reason);
  }

  /** With one more piece of metadata. */
  public Refusal with(String name, Object value) {
    info.putMetadata(name, String.valueOf(value));
    return this;
  }

  /** With that pause asked for. */
  public Refusal retryAfterMillis(int millis) {
    RetryInfo retry =
        RetryInfo.newBuilder()
            .setRetryDelay(
                Duration.newBuilder()
                    .setSeconds(millis / 1_000)
                    .setNanos(millis % 1_000 * 1_000_000))
            .build();
    status.addDetails(Any.pack(retry));
    return this;
  }

  /** With a field that is wrong. */
  public Refusal badField(String field) {
    BadRequest bad =
        BadRequest.newBuilder()
            .addFieldViolations(BadRequest.FieldViolation.newBuilder().setField(field))
            .build();
    status.addDetails(Any.pack(bad));
    return this;
  }

  /** As a node sends it. */
  public StatusRuntimeException exception() {
    return StatusProto.toStatusRuntimeException(
        status.clone().setCode(code.value()).addDetails(0, Any.pack(info.build())).build());
  }
}
