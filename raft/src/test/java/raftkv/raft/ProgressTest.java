package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final NodeId PEER = new NodeId(2);
  private static final Standing STANDING = new Standing(new Incarnation(1, 1), false);
  private static final RaftConfig CONFIG =
      TestConfigs.copy(
          RaftConfig.of(new NodeId(1), List.of(new NodeId(1), PEER), new TestFormat(), Bytes.EMPTY),
          100,
          2,
          100);

  private final Progress progress = new Progress(PEER, 10);

  private void heard(long round) {
    progress.heard(STANDING, Abilities.ALL, round, round);
  }

  /** Finds the follower equal up to 9. */
  private void replicating() {
    progress.sent(1, 0, 0);
    heard(1);
    progress.matched(9);
    progress.accepted();
  }

  @Test
  void probesWithOneAppendAtATime() {
    assertThat(progress.mayReplicate(CONFIG)).isTrue();

    progress.sent(1, 3, 30);

    assertThat(progress.mayReplicate(CONFIG)).isFalse();
    progress.retryProbe();
    assertThat(progress.mayReplicate(CONFIG)).isTrue();
  }

  @Test
  void replicatesOnceTheProbeIsAccepted() {
    progress.sent(1, 3, 30);
    heard(1);
    progress.accepted();

    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progress.nextIndex()).isEqualTo(13);
  }

  @Test
  void isNotMovedByAnAnswerFromBeforeTheProbe() {
    progress.sent(4, 0, 0);
    heard(3);
    progress.accepted();

    assertThat(progress.state()).isEqualTo(Progress.State.PROBE);
  }

  @Test
  void takesTheFirstAnswerAlthoughMoreWasSentSince() {
    progress.sent(4, 0, 0);
    progress.sent(5, 0, 0);
    heard(4);
    progress.accepted();

    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
  }

  @Test
  void keepsNoMoreInFlightThanTheWindow() {
    replicating();
    progress.sent(2, 1, 10);
    assertThat(progress.mayReplicate(CONFIG)).isTrue();

    progress.sent(2, 1, 10);
    assertThat(progress.mayReplicate(CONFIG)).isFalse();
    assertThat(progress.nextIndex()).isEqualTo(12);

    progress.matched(10);
    assertThat(progress.mayReplicate(CONFIG)).isTrue();
  }

  @Test
  void goesBackToAProbeWhenRefused() {
    replicating();
    progress.sent(2, 1, 10);
    progress.refused(10, 10);

    assertThat(progress.state()).isEqualTo(Progress.State.PROBE);
    assertThat(progress.nextIndex()).isEqualTo(10);
  }

  @Test
  void ignoresARefusalOfWhatIsKnownToMatch() {
    replicating();
    progress.refused(9, 3);

    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progress.nextIndex()).isEqualTo(10);
  }

  @Test
  void ignoresARefusalOfAnEarlierProbe() {
    progress.sent(1, 0, 0);
    progress.refused(9, 5);
    progress.sent(2, 0, 0);

    progress.refused(9, 2);

    assertThat(progress.nextIndex()).isEqualTo(5);
  }

  @Test
  void neverFallsBack() {
    assertThat(progress.matched(7)).isTrue();
    assertThat(progress.matched(5)).isFalse();

    assertThat(progress.matchIndex()).isEqualTo(7);
    heard(4);
    heard(2);
    assertThat(progress.echoedRound()).isEqualTo(4);
  }

  @Test
  void forgetsAPeerThatComesAsAnotherIncarnation() {
    replicating();

    progress.heard(new Standing(new Incarnation(2, 2), false), Abilities.ALL, 2, 50);

    assertThat(progress.matchIndex()).isZero();
    assertThat(progress.echoedRound()).isEqualTo(2);
    assertThat(progress.state()).isEqualTo(Progress.State.PROBE);
  }

  @Test
  void sendsNothingWhileASnapshotIsUnderWay() {
    progress.logBeginsBehind(15);
    assertThat(progress.takeTransferDue(20, 0)).isTrue();
    progress.refused(9, 3);
    progress.probeAgain();
    assertThat(progress.mayReplicate(CONFIG)).isFalse();

    progress.snapshotDelivered();

    assertThat(progress.state()).isEqualTo(Progress.State.PROBE);
    assertThat(progress.nextIndex()).isEqualTo(21);
  }

  @Test
  void sendsAFailedSnapshotAgainAfterAPause() {
    progress.logBeginsBehind(15);
    progress.takeTransferDue(20, 0);
    assertThat(progress.takeTransferDue(20, 5)).as("one at a time").isFalse();

    progress.snapshotFailed(100);

    assertThat(progress.state()).isEqualTo(Progress.State.SNAPSHOT);
    assertThat(progress.takeTransferDue(20, 99)).isFalse();
    assertThat(progress.takeTransferDue(30, 100)).isTrue();
  }

  /** An earlier leader's snapshot may arrive while this one's is under way. */
  @Test
  void needsNoSnapshotAnyMoreOnceItReachesTheLog() {
    progress.logBeginsBehind(15);
    progress.takeTransferDue(20, 0);
    heard(1);
    progress.matched(15);

    progress.logBeginsBehind(15);

    assertThat(progress.state()).isEqualTo(Progress.State.PROBE);
    assertThat(progress.nextIndex()).isEqualTo(16);
    progress.snapshotDelivered();
    assertThat(progress.nextIndex()).isEqualTo(16);
  }

  @Test
  void beginsAgainBehindWhatMatchedWhenTheLinkBreaks() {
    replicating();
    progress.sent(2, 4, 40);

    progress.probeAgain();

    assertThat(progress.nextIndex()).isEqualTo(10);
    assertThat(progress.hasNoProbe()).isTrue();
  }
}
