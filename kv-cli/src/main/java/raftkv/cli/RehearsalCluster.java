package raftkv.cli;

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

/** The other partner of a {@link Rehearsal}. */
final class RehearsalCluster extends ClusterServiceGrpc.ClusterServiceImplBase {
  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    RehearsalData.say(
        observer,
        StatusResponse.newBuilder()
            .setHeader(RehearsalData.HEADER)
            .setRole(Role.ROLE_LEADER)
            .setTerm(1)
            .setLeaderId(1)
            .setAppliedIndex(1)
            .setStateHash("00")
            .setCounts(true)
            .build());
  }

  @Override
  public void members(MembersRequest request, StreamObserver<MembersResponse> observer) {
    RehearsalData.say(
        observer,
        MembersResponse.newBuilder()
            .setHeader(RehearsalData.HEADER)
            .setFromLeader(true)
            .addMembers(Member.newBuilder().setNodeId(1).setEndpoint("localhost:9001"))
            .build());
  }

  @Override
  public void transferLeadership(
      TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
    RehearsalData.say(
        observer,
        TransferLeadershipResponse.newBuilder()
            .setHeader(RehearsalData.HEADER)
            .setLeaderId(1)
            .build());
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
    RehearsalData.say(
        observer,
        SnapshotResponse.newBuilder()
            .setHeader(RehearsalData.HEADER)
            .setIndex(1)
            .setStateHash("00")
            .build());
  }

  @Override
  public void stateHash(StateHashRequest request, StreamObserver<StateHashResponse> observer) {
    RehearsalData.say(
        observer,
        StateHashResponse.newBuilder()
            .setHeader(RehearsalData.HEADER)
            .setIndex(1)
            .setStateHash("00")
            .build());
  }
}
