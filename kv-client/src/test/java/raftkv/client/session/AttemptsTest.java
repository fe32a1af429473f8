package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The retry and outcome rules, each as a short story on three endpoints 0, 1, 2. */
class AttemptsTest {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 5_000 * MILLI;
  private static final Step WAIT = new Step.Wait();

  private final LeaderMap leaders = new LeaderMap(List.of("a:1", "b:2", "c:3"));
  private Attempts attempts = write();

  private Attempts write() {
    return attempts(RequestKind.WRITE_IN_OWN_SESSION);
  }

  private Attempts attempts(RequestKind kind) {
    return new Attempts(kind, RetryPolicy.DEFAULT, leaders, new SplittableRandom(1), DEADLINE);
  }

  private void leaderIs(int endpoint, long term) {
    leaders.learn(endpoint, new Sighting(endpoint + 1, term, endpoint + 1, ""));
  }

  private static CopyFailure refused(String reason) {
    return CopyFailure.refused(reason, Outcome.NOT_APPLIED, reason);
  }

  private static CopyFailure unknown(String reason) {
    return CopyFailure.refused(reason, Outcome.UNKNOWN, reason);
  }

  private static Outcome outcome(Step step) {
    assertThat(step).isInstanceOf(Step.Finish.class);
    return ((Step.Finish) step).outcome();
  }

  @Test
  void firstCopyGoesToTheLeaderIfItIsKnown() {
    leaderIs(2, 1);

    assertThat(attempts.start(0)).isEqualTo(new Step.Send(1, 2));
  }

  @Test
  void hintIsFollowedAtOnce() {
    attempts.start(0);
    leaderIs(2, 3);

    assertThat(attempts.onFailure(1, refused("NOT_LEADER"), 1)).isEqualTo(new Step.Send(2, 2));
  }

  @Test
  void refusedConnectionsAreTriedRoundOnceAndThenAfterAPause() {
    attempts.start(0);

    assertThat(attempts.onFailure(1, CopyFailure.notSent("refused"), 1))
        .isEqualTo(new Step.Send(2, 1));
    assertThat(attempts.onFailure(2, CopyFailure.notSent("refused"), 1))
        .isEqualTo(new Step.Send(3, 2));
    assertThat(attempts.onFailure(3, CopyFailure.notSent("refused"), 1))
        .isEqualTo(new Step.Send(4, 0));
    assertThat(attempts.onFailure(4, CopyFailure.notSent("refused"), 1)).isEqualTo(WAIT);
    long due = attempts.nextWakeNanos();
    assertThat(due).isBetween(1 + 4 * MILLI, 1 + 8 * MILLI);
    assertThat(attempts.onTimer(due - 1)).isEqualTo(WAIT);
    assertThat(attempts.onTimer(due)).isEqualTo(new Step.Send(5, 1));
  }

  /** Two nodes that name each other as leader must not make the client spin. */
  @Test
  void hintsThatLeadInACircleArePausedSoon() {
    attempts.start(0);
    Step step = WAIT;
    int copy = 1;
    do {
      int other = copy % 2;
      leaderIs(other, 10 + copy);
      step = attempts.onFailure(copy++, refused("NOT_LEADER"), 1);
    } while (step instanceof Step.Send && copy < 50);

    assertThat(step).isEqualTo(WAIT);
    assertThat(copy).isLessThanOrEqualTo(5);
  }

  @Test
  void pausesDoubleUpToTheirLimitAndDifferByJitter() {
    attempts.start(0);
    long now = 0;
    long longest = 0;
    int copy = 1;
    for (int round = 0; round < 12; round++) {
      assertThat(attempts.onFailure(copy, refused("OVERLOADED"), now)).isEqualTo(WAIT);
      long pause = attempts.nextWakeNanos() - now;
      long whole = Math.min(250 * MILLI, (8 * MILLI) << round);
      assertThat(pause).isBetween(whole / 2, whole);
      longest = Math.max(longest, pause);
      now = attempts.nextWakeNanos();
      assertThat(attempts.onTimer(now)).isInstanceOf(Step.Send.class);
      copy++;
    }
    assertThat(longest).isGreaterThan(125 * MILLI);
  }

  @Test
  void pauseIsAtLeastWhatTheNodeAskedFor() {
    attempts.start(0);

    attempts.onFailure(1, refused("OVERLOADED").withRetryAfterNanos(700 * MILLI), 0);

    assertThat(attempts.nextWakeNanos()).isEqualTo(700 * MILLI);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"KEY_EMPTY", "VALUE_TOO_LARGE", "SEQ_NUM_REUSED", "DISK_FULL", "SOMETHING_NEW"})
  void refusedForGoodIsNotSentAgain(String reason) {
    attempts.start(0);

    assertThat(outcome(attempts.onFailure(1, refused(reason), 1))).isEqualTo(Outcome.NOT_APPLIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO_LEADER", "PROPOSAL_DROPPED", "OVERLOADED", "SEQ_NUM_AHEAD"})
  void refusedForNowIsNotAppliedWhenTimeIsUp(String reason) {
    attempts.start(0);

    attempts.onFailure(1, refused(reason), 1);

    assertThat(attempts.nextWakeNanos()).isLessThan(DEADLINE);
    assertThat(outcome(attempts.onTimer(DEADLINE))).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void pauseBeyondTheDeadlineEndsAtOnce() {
    attempts.start(0);

    Step step = attempts.onFailure(1, refused("NO_LEADER").withRetryAfterNanos(DEADLINE), 1);

    assertThat(outcome(step)).isEqualTo(Outcome.NOT_APPLIED);
  }

  /** Safety rule 3.3, the heart of it: one copy lost, the other refused. */
  @ParameterizedTest
  @ValueSource(strings = {"KEY_EMPTY", "DISK_FULL", "SEQ_NUM_REUSED"})
  void notAppliedOfOneCopyIsUnknownWhenAnotherWasLost(String reason) {
    attempts.start(0);
    attempts.onFailure(1, CopyFailure.lost("connection reset"), 1);

    assertThat(outcome(attempts.onFailure(2, refused(reason), 2))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void notAppliedOfOneCopyIsUnknownWhileAnotherIsUnderWay() {
    attempts.start(0);
    leaderIs(1, 9);
    assertThat(attempts.onTimer(150 * MILLI)).isEqualTo(new Step.Send(2, 1));

    assertThat(attempts.onFailure(2, refused("KEY_EMPTY"), 151 * MILLI)).isEqualTo(WAIT);
    assertThat(attempts.onNews(900 * MILLI)).isEqualTo(WAIT);
    assertThat(attempts.onTimer(1_150 * MILLI)).isEqualTo(WAIT);
    assertThat(outcome(attempts.onTimer(1_151 * MILLI))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void refusalOfAllCopiesIsNotApplied() {
    attempts.start(0);
    leaderIs(1, 9);
    attempts.onTimer(150 * MILLI);
    attempts.onFailure(2, refused("SEQ_NUM_REUSED"), 151 * MILLI);

    Step end = attempts.onFailure(1, refused("SEQ_NUM_REUSED"), 152 * MILLI);

    assertThat(outcome(end)).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void refusalOfOneCopyIsUnknownWhenTheOtherIsLostMeanwhile() {
    attempts.start(0);
    leaderIs(1, 9);
    attempts.onTimer(150 * MILLI);
    attempts.onFailure(2, refused("SEQ_NUM_REUSED"), 151 * MILLI);

    Step end = attempts.onFailure(1, CopyFailure.lost("reset"), 152 * MILLI);

    assertThat(outcome(end)).isEqualTo(Outcome.UNKNOWN);
    assertThat(((Step.Finish) end).last()).isEqualTo(refused("SEQ_NUM_REUSED"));
  }

  @Test
  void deadlineAfterALostCopyIsUnknownWhateverCameLater() {
    attempts.start(0);
    attempts.onFailure(1, CopyFailure.lost("connection reset"), 1);
    attempts.onFailure(2, refused("NO_LEADER"), 2);

    assertThat(outcome(attempts.onTimer(DEADLINE))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void refusedConnectionsAreNoCopies() {
    attempts.start(0);
    for (int copy = 1; copy <= 4; copy++) {
      attempts.onFailure(copy, CopyFailure.notSent("refused"), 1);
    }

    assertThat(outcome(attempts.onTimer(DEADLINE))).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void sealedNumberSpeaksOfAllCopies() {
    attempts.start(0);
    attempts.onFailure(1, CopyFailure.lost("connection reset"), 1);

    assertThat(outcome(attempts.onFailure(2, refused("CANCELLED_BY_CLIENT"), 2)))
        .isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void forgottenAnswerIsApplied() {
    attempts.start(0);
    CopyFailure forgotten = CopyFailure.refused("ANSWER_FORGOTTEN", Outcome.APPLIED, "");

    assertThat(outcome(attempts.onFailure(1, forgotten, 1))).isEqualTo(Outcome.APPLIED);
  }

  @Test
  void numberThatIsTooOldIsUnknown() {
    attempts.start(0);

    assertThat(outcome(attempts.onFailure(1, unknown("SEQ_NUM_TOO_OLD"), 1)))
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void lostCopyIsSentAgainUnderTheSameIdentity() {
    leaderIs(0, 1);
    attempts.start(0);

    assertThat(attempts.onFailure(1, CopyFailure.lost("reset"), 1)).isEqualTo(new Step.Send(2, 1));
  }

  @Test
  void unknownOutcomeIsSentAgainAfterAPause() {
    attempts.start(0);

    assertThat(attempts.onFailure(1, unknown("OUTCOME_UNKNOWN"), 1)).isEqualTo(WAIT);
    assertThat(attempts.onTimer(attempts.nextWakeNanos())).isInstanceOf(Step.Send.class);
  }

  @Test
  void copyWithoutIdentityIsNeverSentAgainOnceItsOutcomeIsUnknown() {
    attempts = attempts(RequestKind.ONCE);
    attempts.start(0);

    assertThat(outcome(attempts.onFailure(1, CopyFailure.lost("reset"), 1)))
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void copyWithoutIdentityIsSentAgainAfterADefiniteRefusal() {
    attempts = attempts(RequestKind.ONCE);
    attempts.start(0);
    leaderIs(1, 2);

    assertThat(attempts.onFailure(1, refused("NOT_LEADER"), 1)).isEqualTo(new Step.Send(2, 1));
    leaderIs(2, 3);
    assertThat(attempts.onTimer(400 * MILLI)).isEqualTo(WAIT);
    assertThat(attempts.onNews(400 * MILLI)).isEqualTo(WAIT);
  }

  @Test
  void singleEndpointThatDoesNotLeadIsTheEnd() {
    LeaderMap one = new LeaderMap(List.of("a:1"));
    attempts =
        new Attempts(
            RequestKind.WRITE_WITH_GIVEN_ID,
            RetryPolicy.DEFAULT,
            one,
            new SplittableRandom(1),
            DEADLINE);
    attempts.start(0);

    assertThat(outcome(attempts.onFailure(1, refused("NOT_LEADER"), 1)))
        .isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void deadlineLeavesTheLastWordToTheCopyUnderWay() {
    attempts.start(0);
    attempts.onTimer(DEADLINE - 1);

    assertThat(attempts.onTimer(DEADLINE)).isNotInstanceOf(Step.Finish.class);
    Step end = attempts.onFailure(1, CopyFailure.notSent("deadline exceeded"), DEADLINE + 1);
    assertThat(outcome(end)).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void deadlineWithACopyUnderWayIsUnknown() {
    attempts.start(0);

    Step end = attempts.onTimer(DEADLINE + RetryPolicy.DEFAULT.graceNanos());

    assertThat(outcome(end)).isEqualTo(Outcome.UNKNOWN);
    assertThat(((Step.Finish) end).deadlinePassed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = RequestKind.class,
      names = {"READ"})
  void readIsNeverUnknown(RequestKind kind) {
    attempts = attempts(kind);
    attempts.start(0);
    attempts.onFailure(1, CopyFailure.lost("reset"), 1);

    assertThat(outcome(attempts.onTimer(DEADLINE + 20 * MILLI))).isEqualTo(Outcome.NOT_APPLIED);
  }

  /** Safety rule 4.4. */
  @Test
  void expiredSessionIsReplacedWhenNoCopyIsInDoubt() {
    attempts.start(0);
    attempts.onFailure(1, refused("NO_LEADER"), 1);
    attempts.onTimer(attempts.nextWakeNanos());

    Step step = attempts.onFailure(2, unknown("SESSION_EXPIRED").withIndex(77), 2);

    assertThat(step).isEqualTo(new Step.OpenSession(77));
    assertThat(attempts.onNewSession(3)).isInstanceOf(Step.Send.class);
  }

  @Test
  void expiredSessionIsNotReplacedWhenAnEarlierCopyWasLost() {
    attempts.start(0);
    attempts.onFailure(1, CopyFailure.lost("reset"), 1);

    assertThat(outcome(attempts.onFailure(2, unknown("SESSION_EXPIRED").withIndex(77), 2)))
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void expiredSessionIsNotReplacedWhileAnotherCopyIsUnderWay() {
    attempts.start(0);
    leaderIs(1, 9);
    attempts.onTimer(150 * MILLI);

    assertThat(outcome(attempts.onFailure(2, unknown("SESSION_EXPIRED"), 2)))
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void givenIdentityIsNeverReplaced() {
    attempts = attempts(RequestKind.WRITE_WITH_GIVEN_ID);
    attempts.start(0);

    assertThat(outcome(attempts.onFailure(1, unknown("SESSION_EXPIRED"), 1)))
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void sessionsThatExpireAtOnceEndTheRequest() {
    attempts.start(0);
    for (int copy = 1; copy <= 3; copy++) {
      Step step = attempts.onFailure(copy, unknown("SESSION_EXPIRED"), copy);
      assertThat(step).isInstanceOf(Step.OpenSession.class);
      attempts.onNewSession(copy);
    }

    assertThat(attempts.onFailure(4, unknown("SESSION_EXPIRED"), 4))
        .isInstanceOf(Step.Finish.class);
  }

  @Test
  void endOfACopyThatIsNoLongerTheNewestChangesNothingButTheOutcome() {
    leaderIs(0, 1);
    attempts.start(0);
    leaderIs(1, 2);
    attempts.onNews(200 * MILLI);

    assertThat(attempts.onFailure(1, CopyFailure.lost("reset"), 201 * MILLI)).isEqualTo(WAIT);
    assertThat(outcome(attempts.onFailure(2, refused("KEY_EMPTY"), 202 * MILLI)))
        .isEqualTo(Outcome.UNKNOWN);
  }
}
