package raftkv.service;

import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import raftkv.kv.KvLimits;
import raftkv.kv.KvStateMachine;
import raftkv.node.HashAnswer;
import raftkv.node.HashRequest;
import raftkv.node.NodeStatus;
import raftkv.node.Requests;
import raftkv.node.SnapshotOutcome;
import raftkv.node.TransferOutcome;
import raftkv.node.TransferRequest;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.proto.kv.v1.ClusterServiceGrpc;
import raftkv.proto.kv.v1.Limits;
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
import raftkv.raft.NodeId;
import raftkv.raft.NodeView;

/** The service for operators. Handlers run on gRPC's thread, their answers on the node's loop. */
final class ClusterCalls extends ClusterServiceGrpc.ClusterServiceImplBase {
  private static final long MILLISECOND = 1_000_000;

  private final Requests requests;
  private final KvStateMachine machine;
  private final Endpoints endpoints;
  private final Errors errors;
  private final String version;
  private final AnswerRoom room;

  ClusterCalls(
      Requests requests,
      KvStateMachine machine,
      Endpoints endpoints,
      Errors errors,
      String version,
      AnswerRoom room) {
    this.requests = requests;
    this.machine = machine;
    this.endpoints = endpoints;
    this.errors = errors;
    this.version = version;
    this.room = room;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    Call<StatusResponse> call = new Call<>(observer, room);
    requests.status(status -> call.succeed(status(status)));
  }

  private StatusResponse status(NodeStatus status) {
    NodeView raft = status.raft();
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setHeader(endpoints.header(requests.header()))
            .setRole(role(raft.role()))
            .setTerm(raft.term())
            .setCommitIndex(raft.commitIndex())
            .setAppliedIndex(raft.appliedIndex())
            .setLastLogIndex(raft.lastIndex())
            .setDurableIndex(raft.durableIndex())
            .setFirstLogIndex(raft.firstIndex())
            .setStateHash(status.stateHash().toString())
            .setKeyCount(machine.keyCount())
            .setSessionCount(machine.sessionCount())
            .setLimits(limits(machine.limits()))
            .setVersion(version)
            .setUptimeMs(status.uptimeNanos() / MILLISECOND)
            .setIncarnation(raft.incarnation().toString())
            .setCounts(raft.counts())
            .setCondition(status.condition())
            .setFenced(status.fence() != null)
            .setSnapshotIndex(status.snapshots().lastIndex())
            .setSnapshotBytes(status.snapshots().lastBytes())
            .setLogBytes(status.snapshots().logBytes())
            .setStoredLogBytes(status.snapshots().storedLogBytes())
            .setStanding(status.standing());
    if (raft.leader() != null) {
      response.setLeaderId(raft.leader().value()).setLeaderEndpoint(endpoints.of(raft.leader()));
    }
    if (status.contactAgeNanos() >= 0) {
      response.setContactAgeMs(status.contactAgeNanos() / MILLISECOND);
    }
    return response.build();
  }

  @Override
  public void members(MembersRequest request, StreamObserver<MembersResponse> observer) {
    Call<MembersResponse> call = new Call<>(observer, room);
    requests.status(status -> call.succeed(members(status)));
  }

  private MembersResponse members(NodeStatus status) {
    boolean leads = status.raft().role() == NodeView.RoleName.LEADER;
    MembersResponse.Builder response =
        MembersResponse.newBuilder()
            .setHeader(endpoints.header(requests.header()))
            .setFromLeader(leads);
    for (NodeStatus.MemberStatus member : status.members()) {
      boolean self = member.node().equals(status.self());
      response.addMembers(
          Member.newBuilder()
              .setNodeId(member.node().value())
              .setEndpoint(endpoints.of(member.node()))
              .setIsLeader(member.isLeader())
              .setReachable(self || member.linkState().equals(Transport.CONNECTED))
              .setMatchIndex(member.matchIndex())
              .setLag(member.lagEntries())
              .setCounts(member.counts())
              .setStanding(leads ? (member.counts() ? "member" : "learner") : ""));
    }
    return response.build();
  }

  @Override
  public void transferLeadership(
      TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
    Call<TransferLeadershipResponse> call = new Call<>(observer, room);
    NodeId target;
    try {
      target = target(request.getTargetId());
    } catch (InvalidRequest invalid) {
      call.fail(errors.invalid(invalid));
      return;
    }
    requests.transfer(
        new TransferRequest(target, Call.answerBy(requests.nowNanos())),
        outcome -> onTransferred(call, outcome));
  }

  private @Nullable NodeId target(int id) {
    if (id == 0) {
      return null;
    }
    InvalidRequest.unless(
        id >= 1 && id <= NodeId.MAX && endpoints.addresses().containsKey(new NodeId(id)),
        "TARGET_UNKNOWN",
        "target_id",
        "there is no such member");
    return new NodeId(id);
  }

  private void onTransferred(Call<TransferLeadershipResponse> call, TransferOutcome outcome) {
    if (outcome instanceof TransferOutcome.Done done) {
      call.succeed(
          TransferLeadershipResponse.newBuilder()
              .setHeader(endpoints.header(requests.header()))
              .setLeaderId(done.leader().value())
              .build());
    } else {
      boolean here = outcome instanceof TransferOutcome.Overloaded;
      call.fail(errors.transfer(outcome, here ? null : requests.header()));
    }
  }

  @Override
  public void stateHash(StateHashRequest request, StreamObserver<StateHashResponse> observer) {
    Call<StateHashResponse> call = new Call<>(observer, room);
    try {
      InvalidRequest.unlessNumber(request.getIndex(), "index");
    } catch (InvalidRequest invalid) {
      call.fail(errors.invalid(invalid));
      return;
    }
    requests.stateHash(
        new HashRequest(request.getIndex(), Call.answerBy(requests.nowNanos())),
        answer -> onHash(call, answer));
  }

  private void onHash(Call<StateHashResponse> call, HashAnswer answer) {
    if (answer instanceof HashAnswer.Found found) {
      call.succeed(
          StateHashResponse.newBuilder()
              .setHeader(endpoints.header(requests.header()))
              .setIndex(found.index())
              .setStateHash(found.hash().toString())
              .build());
    } else {
      boolean here = answer instanceof HashAnswer.Overloaded;
      call.fail(errors.hash(answer, here ? null : requests.header()));
    }
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
    Call<SnapshotResponse> call = new Call<>(observer, room);
    requests.snapshot(
        new raftkv.node.SnapshotRequest(Call.answerBy(requests.nowNanos())),
        outcome -> onSnapshot(call, outcome));
  }

  private void onSnapshot(Call<SnapshotResponse> call, SnapshotOutcome outcome) {
    if (outcome instanceof SnapshotOutcome.Taken taken) {
      SnapshotFile file = taken.file();
      call.succeed(
          SnapshotResponse.newBuilder()
              .setHeader(endpoints.header(requests.header()))
              .setIndex(file.meta().lastIncluded().index())
              .setTerm(file.meta().lastIncluded().term())
              .setSizeBytes(file.sizeBytes())
              .setStateHash(file.hash().toString())
              .build());
    } else {
      boolean here = outcome instanceof SnapshotOutcome.Overloaded;
      call.fail(errors.snapshot(outcome, here ? null : requests.header()));
    }
  }

  private static Role role(NodeView.RoleName role) {
    return switch (role) {
      case FOLLOWER -> Role.ROLE_FOLLOWER;
      case PRE_CANDIDATE -> Role.ROLE_PRE_CANDIDATE;
      case CANDIDATE -> Role.ROLE_CANDIDATE;
      case LEADER -> Role.ROLE_LEADER;
    };
  }

  private static Limits limits(KvLimits limits) {
    return Limits.newBuilder()
        .setMaxKeyBytes(limits.maxKeyBytes())
        .setMaxValueBytes(limits.maxValueBytes())
        .setMaxPageEntries(limits.maxPageEntries())
        .setMaxPageBytes(limits.maxPageBytes())
        .setMaxSessions(limits.maxSessions())
        .setSessionWindow(limits.sessionWindow())
        .setMaxStoredAnswerBytes(limits.maxStoredAnswerBytes())
        .build();
  }
}
