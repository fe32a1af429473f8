package raftkv.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.Recovery;
import raftkv.client.session.Sighting;

/**
 * Reads how a call ended: the details that a node sent, or the lack of them. Without details of our
 * domain nothing is known of a copy that was handed to a connection (safety rule 3.4), whatever the
 * code: proxies and transports invent codes of their own.
 */
final class ErrorReader {
  private static final String DOMAIN = "kv.v1";

  private static final Set<String> NEVER_PROPOSED =
      Set.of(
          "NOT_LEADER",
          "NO_LEADER",
          "NOT_READY",
          "OVERLOADED",
          "PROPOSAL_DROPPED",
          "SEQ_NUM_AHEAD",
          "DISK_FULL",
          "NO_TARGET",
          "TRANSFER_FAILED");

  private ErrorReader() {}

  /**
   * What a failed call says.
   *
   * @param sighting null if it names no leader
   * @param details by name as the node gave them
   */
  record Reading(CopyFailure failure, @Nullable Sighting sighting, Map<String, String> details) {
    /** A number from the details; 0 if it is not there. */
    long number(String name) {
      return ErrorReader.number(details, name);
    }
  }

  /**
   * Reads one.
   *
   * @param handedOver whether the call ever reached a connection
   */
  static Reading read(Status status, @Nullable Metadata trailers, boolean handedOver) {
    return read(status, details(status, trailers), handedOver);
  }

  /** Reads the error of one call of a pipeline: a node took it and answered. */
  static Reading read(com.google.rpc.Status error) {
    Status status = Status.fromCodeValue(error.getCode()).withDescription(error.getMessage());
    return read(status, error.getDetailsList(), true);
  }

  /**
   * Reads a made-up error in both ways. The first takes as long as an election, since a hundred
   * classes are loaded for it; so it is better done before there is one. On any thread.
   *
   * @return what it says, for tests
   */
  static Reading rehearse() {
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason("NOT_READY")
            .putMetadata("outcome", Outcome.NOT_APPLIED.name())
            .putMetadata("term", "1")
            .build();
    com.google.rpc.Status error =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.UNAVAILABLE.value())
            .addDetails(Any.pack(info))
            .addDetails(Any.pack(RetryInfo.getDefaultInstance()))
            .build();
    StatusRuntimeException thrown = StatusProto.toStatusRuntimeException(error);
    read(thrown.getStatus(), thrown.getTrailers(), true);
    return read(error);
  }

  private static Reading read(Status status, Iterable<Any> details, boolean handedOver) {
    ErrorInfo info = null;
    long retryAfterNanos = 0;
    String field = "";
    try {
      for (Any detail : details) {
        if (detail.is(ErrorInfo.class)) {
          info = detail.unpack(ErrorInfo.class);
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          retryAfterNanos = delay.getSeconds() * 1_000_000_000L + delay.getNanos();
        } else if (detail.is(BadRequest.class)) {
          BadRequest bad = detail.unpack(BadRequest.class);
          field = bad.getFieldViolationsCount() == 0 ? "" : bad.getFieldViolations(0).getField();
        }
      }
    } catch (InvalidProtocolBufferException unreadable) {
      info = null;
    }
    if (info == null || !info.getDomain().equals(DOMAIN)) {
      return new Reading(withoutDetails(status, handedOver), null, Map.of());
    }
    Map<String, String> metadata = new TreeMap<>(info.getMetadataMap());
    if (!field.isEmpty()) {
      metadata.putIfAbsent("field", field);
    }
    CopyFailure failure =
        new CopyFailure(
            info.getReason(),
            outcome(status, info.getReason(), metadata),
            recovery(status, info.getReason()),
            Math.max(0, retryAfterNanos),
            firstNumber(metadata, "current_index", "index"),
            text(status));
    return new Reading(failure, sighting(metadata), metadata);
  }

  private static Iterable<Any> details(Status status, @Nullable Metadata trailers) {
    com.google.rpc.Status full = StatusProto.fromStatusAndTrailers(status, trailers);
    return full == null ? List.of() : full.getDetailsList();
  }

  private static CopyFailure withoutDetails(Status status, boolean handedOver) {
    if (!handedOver) {
      return CopyFailure.notSent(text(status));
    }
    CopyFailure lost = CopyFailure.lost(text(status));
    return switch (status.getCode()) {
      case UNIMPLEMENTED,
          INVALID_ARGUMENT,
          RESOURCE_EXHAUSTED,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          FAILED_PRECONDITION ->
          new CopyFailure(
              status.getCode().name(), Outcome.UNKNOWN, Recovery.NONE, 0, 0, text(status));
      default -> lost;
    };
  }

  private static Recovery recovery(Status status, String reason) {
    Recovery known = Recovery.of(reason);
    boolean mayPass =
        status.getCode() == Status.Code.UNAVAILABLE
            || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    return known == Recovery.NONE && mayPass ? Recovery.LATER : known;
  }

  private static Outcome outcome(Status status, String reason, Map<String, String> metadata) {
    String said = find(metadata, "outcome");
    for (Outcome outcome : Outcome.values()) {
      if (outcome.name().equals(said)) {
        return outcome;
      }
    }
    // The table gives these an outcome of their own: said or not, such a request was not proposed.
    boolean neverProposed =
        status.getCode() == Status.Code.INVALID_ARGUMENT || NEVER_PROPOSED.contains(reason);
    return neverProposed ? Outcome.NOT_APPLIED : Outcome.UNKNOWN;
  }

  private static @Nullable Sighting sighting(Map<String, String> metadata) {
    long term = number(metadata, "term");
    if (term == 0) {
      return null;
    }
    return new Sighting(
        (int) number(metadata, "node_id"),
        term,
        (int) number(metadata, "leader_id"),
        find(metadata, "leader_endpoint"));
  }

  private static long firstNumber(Map<String, String> metadata, String name, String otherName) {
    long first = number(metadata, name);
    return first != 0 ? first : number(metadata, otherName);
  }

  private static long number(Map<String, String> metadata, String name) {
    try {
      return Long.parseLong(find(metadata, name));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  /** Names are written leader_id or leaderId. */
  private static String find(Map<String, String> metadata, String name) {
    String exact = metadata.get(name);
    if (exact != null) {
      return exact;
    }
    String plain = name.replace("_", "");
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      if (entry.getKey().replace("_", "").toLowerCase(Locale.ROOT).equals(plain)) {
        return entry.getValue();
      }
    }
    return "";
  }

  private static String text(Status status) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    if (cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return description == null ? status.getCode().name() : description;
  }
}
