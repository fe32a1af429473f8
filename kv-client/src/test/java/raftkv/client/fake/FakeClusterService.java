package raftkv.client.fake;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.Member;
import raftkv.proto.kv.v1.MembersRequest;
import raftkv.proto.kv.v1.MembersResponse;
import raftkv.proto.kv.v1.Role;
import raftkv.proto.kv.v1.SnapshotRequest;
import raftkv.proto.kv.v1.SnapshotResponse;
import raftkv.proto.kv.v1.StateHashRequest;
import raftkv.proto.kv.v1.StateHashResponse;
import raftkv.proto.kv.v1.StatusRequest;
import raftkv.proto.kv.v1.StatusResponse;
import raftkv.proto.kv.v1.TransferLeadershipRequest;
import raftkv.proto.kv.v1.TransferLeadershipResponse;

/** The operators' service. Hashes are a function of the index, unless a node is told to differ. */
final class FakeClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {
  private final FakeNode node;

  FakeClusterService(FakeNode node) {
    this.node = node;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    node.onStatus(this::status, observer);
  }

  private StatusResponse status() {
    FakeCluster.Leadership leadership = node.cluster().leadership();
    long index = node.cluster().store().index();
    boolean leads = leadership.leaderId() == node.id();
    StatusResponse.Builder status =
        StatusResponse.newBuilder()
            .setHeader(node.header())
            .setRole(leads ? Role.ROLE_LEADER : Role.ROLE_FOLLOWER)
            .setTerm(leadership.term())
            .setLeaderId(leadership.leaderId())
            .setCommitIndex(index)
            .setAppliedIndex(index)
            .setLastLogIndex(index)
            .setDurableIndex(index)
            .setStateHash(node.cluster().hash(node.id(), index))
            .setCounts(true)
            .setVersion("fake")
            .setContactAgeMs(5);
    return leadership.leaderId() == 0 ? status.setCondition("no leader").build() : status.build();
  }

  @Override
  public void members(MembersRequest request, StreamObserver<MembersResponse> observer) {
    FakeCluster.Leadership leadership = node.cluster().leadership();
    boolean leads = leadership.leaderId() == node.id();
    MembersResponse.Builder answer =
        MembersResponse.newBuilder().setHeader(node.header()).setFromLeader(leads);
    for (int id = 1; id <= node.cluster().size(); id++) {
      long index = node.cluster().store().index();
      answer.addMembers(
          Member.newBuilder()
              .setNodeId(id)
              .setEndpoint(node.cluster().internalNameOf(id))
              .setIsLeader(id == leadership.leaderId())
              .setReachable(true)
              .setMatchIndex(leads ? Math.max(0, index - id) : 0)
              .setLag(leads ? Math.min(id, index) : 0)
              .setCounts(leads));
    }
    node.onStatus(answer::build, observer);
  }

  @Override
  public void transferLeadership(
      TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
    node.onData(
        request,
        () -> {
          FakeCluster cluster = node.cluster();
          int target = request.getTargetId() == 0 ? node.id() % 3 + 1 : request.getTargetId();
          cluster.lead(target, cluster.leadership().term() + 1);
          return TransferLeadershipResponse.newBuilder()
              .setHeader(node.header())
              .setLeaderId(target)
              .build();
        },
        observer);
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
    long last = node.cluster().store().index();
    if (last == 0) {
      observer.onError(Status.UNAVAILABLE.withDescription("nothing yet").asRuntimeException());
      return;
    }
    node.onStatus(
        () ->
            SnapshotResponse.newBuilder()
                .setHeader(node.header())
                .setIndex(last)
                .setSizeBytes(4_096)
                .setStateHash(node.cluster().hash(node.id(), last))
                .build(),
        observer);
  }

  @Override
  public void stateHash(StateHashRequest request, StreamObserver<StateHashResponse> observer) {
    if (node.cluster().isFenced(node.id())) {
      observer.onError(
          Refusal.of(Status.Code.DATA_LOSS, "STATE_DIVERGED")
              .with("node_id", node.id())
              .with("index", 1_024)
              .with("own_hash", "0a".repeat(16))
              .with("majority_hash", "0b".repeat(16))
              .exception());
      return;
    }
    long last = node.cluster().store().index();
    long index = request.getIndex() == 0 ? last : request.getIndex();
    if (index > last) {
      observer.onError(Status.OUT_OF_RANGE.withDescription("not yet").asRuntimeException());
      return;
    }
    node.onStatus(
        () ->
            StateHashResponse.newBuilder()
                .setHeader(node.header())
                .setIndex(index)
                .setStateHash(node.cluster().hash(node.id(), index))
                .build(),
        observer);
  }
}
