package raftkv.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Outcome;
import raftkv.client.session.RequestKind;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.MembersRequest;
import raftkv.proto.kv.v1.MembersResponse;
import raftkv.proto.kv.v1.SnapshotRequest;
import raftkv.proto.kv.v1.SnapshotResponse;
import raftkv.proto.kv.v1.StateHashRequest;
import raftkv.proto.kv.v1.StateHashResponse;
import raftkv.proto.kv.v1.StatusRequest;
import raftkv.proto.kv.v1.StatusResponse;
import raftkv.proto.kv.v1.TransferLeadershipRequest;
import raftkv.proto.kv.v1.TransferLeadershipResponse;

/**
 * What operators ask of single nodes, with the messages as they are. Except for a transfer each
 * question goes to one endpoint, once: how that node is doing is the answer. Thread-safe.
 */
public final class ClusterCalls {
  private final Engine engine;

  ClusterCalls(Engine engine) {
    this.engine = engine;
  }

  /** The endpoints, in the order in which they were configured: what the numbers below mean. */
  public List<String> endpoints() {
    return engine.nodes().stream().map(NodeChannel::toString).toList();
  }

  /** How one node is doing. */
  public CompletableFuture<StatusResponse> status(int endpoint, Duration timeout) {
    return once(
        endpoint,
        ClusterServiceGrpc.getStatusMethod(),
        StatusRequest.getDefaultInstance(),
        timeout);
  }

  /** The members as one node sees them. */
  public CompletableFuture<MembersResponse> members(int endpoint, Duration timeout) {
    return once(
        endpoint,
        ClusterServiceGrpc.getMembersMethod(),
        MembersRequest.getDefaultInstance(),
        timeout);
  }

  /** The hash of one node's state after an index, 0 for its last; waits for an index to come. */
  public CompletableFuture<StateHashResponse> stateHash(
      int endpoint, long index, Duration timeout) {
    return once(
        endpoint,
        ClusterServiceGrpc.getStateHashMethod(),
        StateHashRequest.newBuilder().setIndex(index).build(),
        timeout);
  }

  /** Has one node take a snapshot now; the answer is what is durable then. */
  public CompletableFuture<SnapshotResponse> snapshot(int endpoint, Duration timeout) {
    return once(
        endpoint,
        ClusterServiceGrpc.getSnapshotMethod(),
        SnapshotRequest.getDefaultInstance(),
        timeout);
  }

  /**
   * Asks whoever leads to hand over to a node, 0 for the best placed one. It is sent again only
   * where it was certainly not done: two transfers would give leadership back.
   */
  public CompletableFuture<TransferLeadershipResponse> transferLeadership(int targetId) {
    TransferLeadershipRequest request =
        TransferLeadershipRequest.newBuilder().setTargetId(targetId).build();
    return engine.submit(
        new Operation<>(
            ClusterServiceGrpc.getTransferLeadershipMethod(),
            RequestKind.ONCE,
            null,
            stamp -> request,
            TransferLeadershipResponse::getHeader,
            answer -> answer),
        Stamp.NONE,
        CallStyle.UNARY);
  }

  private <Q extends MessageLite, A> CompletableFuture<A> once(
      int endpoint, MethodDescriptor<Q, A> method, Q message, Duration timeout) {
    CompletableFuture<A> result = new CompletableFuture<>();
    Ending<A> ending =
        new Ending<>() {
          @Override
          public void onAnswer(A answer) {
            result.complete(answer);
          }

          @Override
          public void onFailure(ErrorReader.Reading reading) {
            result.completeExceptionally(exception(reading));
          }
        };
    engine.node(endpoint).call(method, message, timeout.toNanos(), ending);
    return result;
  }

  private static KvException exception(ErrorReader.Reading reading) {
    CopyFailure failure = reading.failure();
    Map<String, String> details = reading.details();
    return new KvException(
        failure.reason(), Outcome.NOT_APPLIED, failure.recovery(), failure.text(), null, details);
  }
}
