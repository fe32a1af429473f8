package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.cli.CallFixture.Call;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;

/** status, members, transfer, hash. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterCommandsTest {
  private final CallFixture fixture = new CallFixture();

  /** Nodes are asked for one second: the first call of a cold machine is not to be counted. */
  @BeforeAll
  static void warmUp() {
    try (CallFixture first = new CallFixture()) {
      first.call("status", "--wait", "healthy", "--timeout", "20s");
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void statusIsATableOfAllNodes() {
    fixture.call("put", "k", "v");

    Call status = fixture.call("status");

    assertThat(status.code()).isZero();
    assertThat(status.out().lines()).hasSize(4);
    assertThat(status.out())
        .containsPattern("NODE +ENDPOINT +ROLE +TERM +LEADER +COMMIT +APPLIED +LAG +HASH")
        .containsPattern("1 +localhost:\\d+ +leader +1 +1 +1 +1 +0 ")
        .containsPattern("3 +localhost:\\d+ +follower +1 +1 +1 +1 +0 ");
  }

  @Test
  void silentNodeIsShownAsTheLeaderSeesItAndMarked() {
    fixture.cluster().node(3).stop();

    Call status = fixture.call("status");

    assertThat(status.code()).isZero();
    assertThat(status.out().lines()).hasSize(4);
    assertThat(status.out()).containsPattern("3\\* +node3.internal:\\d+ .*as node 1 sees it");
  }

  @Test
  void snapshotIsTakenByAllNodesOrByOneAlone() {
    fixture.call("put", "k", "v");

    Call all = fixture.call("snapshot");
    Call one = fixture.callAt(2, "snapshot", "-o", "json");

    assertThat(all.code()).isZero();
    assertThat(all.out().lines()).hasSize(4);
    assertThat(all.out()).containsPattern("NODE +ENDPOINT +INDEX +BYTES +HASH");
    assertThat(all.out()).containsPattern("3 +localhost:\\d+ +1 +4096 +[0-9a-f]+");
    assertThat(one.code()).isZero();
    assertThat(one.out()).contains("\"node_id\":2", "\"size_bytes\":4096");
  }

  @Test
  void snapshotThatSomeNodeDoesNotTakeIsThree() {
    fixture.call("put", "k", "v");
    fixture.cluster().node(3).stop();

    Call all = fixture.call("snapshot", "--timeout", "3s");

    assertThat(all.code()).isEqualTo(3);
    assertThat(all.out()).containsPattern("1 +localhost:\\d+ +1 +4096 ");
  }

  @Test
  void hungNodeCostsOneSecondAtMost() {
    fixture.cluster().node(2).hang();
    long begin = System.nanoTime();

    Call status = fixture.call("status");

    assertThat(status.out()).containsPattern("2\\* ");
    assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(900L, 4_500L);
  }

  @Test
  void pinnedStatusIsOneNodeAlone() {
    Call status = fixture.callAt(2, "status");

    assertThat(status.out().lines()).hasSize(2);
    assertThat(status.out()).contains("follower");
  }

  @Test
  void nobodyAnsweringIsThree() {
    for (int id = 1; id <= 3; id++) {
      fixture.cluster().node(id).stop();
    }

    Call status = fixture.call("status");

    assertThat(status.code()).isEqualTo(3);
    assertThat(status.out()).contains("no answer");
    assertThat(status.err()).contains("What now");
    assertThat(fixture.call("members").code()).isEqualTo(3);
    Call hash = fixture.call("hash", "--timeout", "1s");
    assertThat(hash.code()).isEqualTo(3);
    assertThat(hash.out()).endsWith("\nno node answered\n").doesNotContain("equal");
  }

  @Test
  void jsonStatusHasANodeEach() {
    assertThat(fixture.call("status", "-o", "json").out())
        .startsWith("{\"nodes\":[{\"node_id\":1,")
        .contains("\"role\":\"leader\"")
        .contains("\"answered\":true");
  }

  @Test
  void waitForLeaderReturnsWhenThereIsOne() {
    assertThat(fixture.call("status", "--wait", "leader").code()).isZero();
    assertThat(fixture.call("status", "--wait", "healthy").code()).isZero();
    fixture.cluster().node(3).stop();
    assertThat(fixture.call("status", "--wait", "leader").code()).isZero();

    Call healthy = fixture.call("status", "--wait", "healthy", "--timeout", "200ms");

    assertThat(healthy.code()).isEqualTo(3);
    assertThat(healthy.err()).contains("still not so");
  }

  @Test
  void leaderThatNobodyElseNamesIsNone() {
    fixture.cluster().node(2).stop();
    fixture.cluster().node(3).stop();

    assertThat(fixture.call("status", "--wait", "leader", "--timeout", "200ms").code())
        .isEqualTo(3);
  }

  @Test
  void noLeaderIsWaitedForInVain() {
    fixture.cluster().lead(0, 5);

    Call status = fixture.call("status", "--wait", "leader", "--timeout", "200ms");

    assertThat(status.code()).isEqualTo(3);
    assertThat(status.out()).contains("no leader");
  }

  @Test
  void membersAreThoseThatTheLeaderSees() {
    fixture.cluster().lead(2, 2);

    Call members = fixture.call("members");

    assertThat(members.code()).isZero();
    assertThat(members.err()).isEmpty();
    assertThat(members.out()).containsPattern("2 +node2.internal:\\d+ +yes +up +yes");
    assertThat(fixture.call("members", "-o", "json").out()).contains("\"from_leader\":true");
  }

  @Test
  void membersWithoutALeaderSayWhoseViewItIs() {
    Call members = fixture.callAt(3, "members");

    assertThat(members.err()).contains("what node 3 sees");
  }

  @Test
  void transferNamesTheNewLeader() {
    Call transfer = fixture.call("transfer", "3");

    assertThat(transfer.code()).isZero();
    assertThat(transfer.out()).isEqualTo("node 3 leads now\n");
    assertThat(fixture.cluster().leadership().leaderId()).isEqualTo(3);
  }

  @Test
  void refusedTransferSaysWhy() {
    fixture
        .cluster()
        .node(1)
        .next(Treatment.refuse(Refusal.of(Code.FAILED_PRECONDITION, "NO_TARGET")));

    Call transfer = fixture.call("transfer", "9");

    assertThat(transfer.code()).isEqualTo(5);
    assertThat(transfer.err()).contains("NO_TARGET");
  }

  @Test
  void hashComparesAtOneIndex() {
    fixture.call("put", "k", "v");

    Call equal = fixture.call("hash");
    fixture.cluster().diverge(2);
    Call different = fixture.call("hash");

    assertThat(equal.code()).isZero();
    assertThat(equal.out()).endsWith("equal at index 1\n");
    assertThat(equal.out()).containsPattern("3 +localhost:\\d+ +1 +[0-9a-f]{32}");
    assertThat(different.code()).isEqualTo(1);
    assertThat(different.out()).endsWith("DIFFERENT at index 1\n");
  }

  /** A node that has fenced itself refuses to tell its state's hash: that is an answer. */
  @Test
  void fencedNodeIsDifferent() {
    fixture.call("put", "k", "v");
    fixture.cluster().fence(2);

    Call hash = fixture.call("hash");
    Call json = fixture.call("hash", "-o", "json");
    Call alone = fixture.callAt(2, "hash");

    assertThat(hash.code()).isEqualTo(1);
    assertThat(hash.out())
        .containsPattern("2 +localhost:\\d+ +1024 +(0a){16} \\(fenced; the majority: (0b){16}\\)")
        .endsWith("DIFFERENT at index 1\n");
    assertThat(json.code()).isEqualTo(1);
    assertThat(json.out())
        .contains("\"verdict\":\"DIFFERENT\"", "\"error\":\"STATE_DIVERGED\"", "\"node_id\":2");
    assertThat(alone.code()).isEqualTo(1);
  }

  @Test
  void hashWithoutAllNodesIsNotCalledEqual() {
    fixture.call("put", "k", "v");
    fixture.cluster().node(3).stop();

    Call hash = fixture.call("hash", "--timeout", "10s");

    assertThat(hash.code()).isEqualTo(3);
    assertThat(hash.out()).contains("no answer").endsWith("as far as nodes answered at index 1\n");
  }
}
