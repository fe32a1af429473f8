package raftkv.service;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.service.ErrorTableTest.FENCE;
import static raftkv.service.ErrorTableTest.assertRetry;
import static raftkv.service.ErrorTableTest.failure;
import static raftkv.service.ErrorTableTest.row;

import io.grpc.Status.Code;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import raftkv.node.HashAnswer;
import raftkv.node.SnapshotOutcome;
import raftkv.node.TransferOutcome;
import raftkv.proto.kv.v1.SnapshotRequest;
import raftkv.proto.kv.v1.StateHashRequest;
import raftkv.proto.kv.v1.TransferLeadershipRequest;
import raftkv.raft.NodeId;

/** The rows of the table of errors that only operators meet. */
class OperatorErrorTableTest {
  private final ServiceFixture service = new ServiceFixture();

  @AfterEach
  void close() {
    service.close();
  }

  static Stream<Arguments> refusedHashes() {
    return Stream.of(
        row(new HashAnswer.Compacted(100, 5_000), Code.OUT_OF_RANGE, "COMPACTED", -1),
        row(new HashAnswer.FutureIndex(9, 7), Code.OUT_OF_RANGE, "FUTURE_INDEX", -1),
        row(new HashAnswer.Diverged(FENCE), Code.DATA_LOSS, "STATE_DIVERGED", -1),
        row(new HashAnswer.NotReady("stopping"), Code.UNAVAILABLE, "NOT_READY", 300),
        row(new HashAnswer.Overloaded("queue"), Code.UNAVAILABLE, "OVERLOADED", 100));
  }

  @ParameterizedTest
  @MethodSource("refusedHashes")
  void hashThatCannotBeToldSaysWhy(HashAnswer answer, Code code, String reason, int retryMs) {
    service.requests.hashAnswer = answer;

    ServiceFixture.Seen seen =
        failure(() -> service.cluster.stateHash(StateHashRequest.getDefaultInstance()));

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertRetry(seen, retryMs);
  }

  @Test
  void compactedNamesOldestAndCurrentIndex() {
    service.requests.hashAnswer = new HashAnswer.Compacted(100, 5_000);

    ServiceFixture.Seen seen =
        failure(() -> service.cluster.stateHash(StateHashRequest.getDefaultInstance()));

    assertThat(seen.value("oldest_index")).isEqualTo("100");
    assertThat(seen.value("current_index")).isEqualTo("5000");
  }

  static Stream<Arguments> refusedTransfers() {
    return Stream.of(
        row(new TransferOutcome.NotLeader(new NodeId(3)), Code.UNAVAILABLE, "NOT_LEADER", 0),
        row(new TransferOutcome.NoTarget(), Code.FAILED_PRECONDITION, "NO_TARGET", -1),
        row(new TransferOutcome.Failed(), Code.UNAVAILABLE, "TRANSFER_FAILED", 300),
        row(new TransferOutcome.NotReady("stopping"), Code.UNAVAILABLE, "NOT_READY", 300),
        row(new TransferOutcome.Overloaded("queue"), Code.UNAVAILABLE, "OVERLOADED", 100));
  }

  static Stream<Arguments> snapshotsNotTaken() {
    return Stream.of(
        row(new SnapshotOutcome.NotReady("forming"), Code.UNAVAILABLE, "NOT_READY", 300),
        row(new SnapshotOutcome.NoRoom(), Code.RESOURCE_EXHAUSTED, "DISK_FULL", -1),
        row(new SnapshotOutcome.Diverged(FENCE), Code.DATA_LOSS, "STATE_DIVERGED", -1),
        row(new SnapshotOutcome.Overloaded("queue"), Code.UNAVAILABLE, "OVERLOADED", 100));
  }

  @ParameterizedTest
  @MethodSource("snapshotsNotTaken")
  void snapshotThatIsNotTakenSaysWhy(
      SnapshotOutcome outcome, Code code, String reason, int retryMs) {
    service.requests.snapshotOutcome = outcome;

    ServiceFixture.Seen seen =
        failure(() -> service.cluster.snapshot(SnapshotRequest.getDefaultInstance()));

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertRetry(seen, retryMs);
  }

  @ParameterizedTest
  @MethodSource("refusedTransfers")
  void leadershipThatStaysSaysWhy(TransferOutcome outcome, Code code, String reason, int retryMs) {
    service.requests.transferOutcome = outcome;

    ServiceFixture.Seen seen =
        failure(
            () ->
                service.cluster.transferLeadership(TransferLeadershipRequest.getDefaultInstance()));

    assertThat(seen.code()).isEqualTo(code);
    assertThat(seen.reason()).isEqualTo(reason);
    assertRetry(seen, retryMs);
  }
}
