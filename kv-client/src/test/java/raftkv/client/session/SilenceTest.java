package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What happens while a copy is under way and nobody answers, on three endpoints 0, 1, 2. */
class SilenceTest {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 5_000 * MILLI;
  private static final long END = DEADLINE + RetryPolicy.DEFAULT.graceNanos();
  private static final Step WAIT = new Step.Wait();

  private final LeaderMap leaders = new LeaderMap(List.of("a:1", "b:2", "c:3"));
  private Attempts attempts =
      new Attempts(
          RequestKind.WRITE_IN_OWN_SESSION,
          RetryPolicy.DEFAULT,
          leaders,
          new SplittableRandom(1),
          DEADLINE);

  private void leaderIs(int endpoint, long term) {
    leaders.learn(endpoint, new Sighting(endpoint + 1, term, endpoint + 1, ""));
  }

  @Test
  void silenceAsksAnotherEndpointAndSendsNothing() {
    leaderIs(0, 1);
    attempts.start(0);

    assertThat(attempts.nextWakeNanos()).isEqualTo(150 * MILLI);
    assertThat(attempts.onTimer(150 * MILLI)).isEqualTo(new Step.Ask(1));
    assertThat(attempts.onTimer(350 * MILLI)).isEqualTo(new Step.Ask(2));
    assertThat(attempts.onTimer(550 * MILLI)).isEqualTo(new Step.Ask(1));
  }

  @Test
  void silenceIsNoReasonToSendAgainWhereNothingChanged() {
    leaderIs(0, 1);
    attempts.start(0);
    attempts.onTimer(150 * MILLI);
    leaderIs(0, 1);

    assertThat(attempts.onNews(160 * MILLI)).isEqualTo(WAIT);
  }

  @Test
  void newLeaderGetsACopyOfWhatWaitsInVain() {
    leaderIs(0, 1);
    attempts.start(0);
    attempts.onTimer(150 * MILLI);
    leaderIs(1, 2);

    assertThat(attempts.onNews(160 * MILLI)).isEqualTo(new Step.Send(2, 1));
    assertThat(attempts.onNews(161 * MILLI)).isEqualTo(WAIT);
  }

  @Test
  void sameLeaderInANewTermGetsACopy() {
    leaderIs(0, 1);
    attempts.start(0);
    leaderIs(0, 2);

    assertThat(attempts.onNews(160 * MILLI)).isEqualTo(new Step.Send(2, 0));
  }

  @Test
  void newsAreNoReasonToSendAgainWhatIsNotYetSilent() {
    leaderIs(0, 1);
    attempts.start(0);
    leaderIs(1, 2);

    assertThat(attempts.onNews(149 * MILLI)).isEqualTo(WAIT);
  }

  @Test
  void singleEndpointIsNeverAskedBehindItsBack() {
    LeaderMap one = new LeaderMap(List.of("a:1"));
    attempts =
        new Attempts(RequestKind.READ, RetryPolicy.DEFAULT, one, new SplittableRandom(1), DEADLINE);
    attempts.start(0);

    assertThat(attempts.onTimer(150 * MILLI)).isEqualTo(WAIT);
    assertThat(attempts.nextWakeNanos()).isGreaterThanOrEqualTo(DEADLINE);
  }

  @Test
  void leaderThatLetTheDeadlinePassWithoutAWordIsPassedOver() {
    leaderIs(0, 1);
    attempts.start(0);

    assertThat(attempts.onTimer(END)).isInstanceOf(Step.Finish.class);
    saysThatZeroLeads(1);

    assertThat(next().start(END)).isEqualTo(new Step.Send(1, 1));
  }

  /** A call of its own ends at the deadline by itself, without an answer. */
  @Test
  void callThatEndsAtTheDeadlineWithoutAWordTellsTheSame() {
    leaderIs(0, 1);
    attempts.start(0);

    attempts.onFailure(1, CopyFailure.lost("deadline exceeded"), DEADLINE);
    saysThatZeroLeads(1);

    assertThat(leaders.leader()).isEqualTo(LeaderMap.NONE);
  }

  @Test
  void passedOverLeaderGetsNoSecondCopyEither() {
    leaderIs(0, 1);
    attempts.start(0);
    attempts.onTimer(END);
    attempts = next();
    attempts.start(END);

    saysThatZeroLeads(2);

    assertThat(attempts.onNews(END + 150 * MILLI)).isEqualTo(WAIT);
    assertThat(attempts.onTimer(END + 150 * MILLI)).isInstanceOf(Step.Ask.class);
  }

  @Test
  void leaderIsPassedOverForAWhileOnly() {
    leaderIs(0, 1);
    attempts.start(0);
    attempts.onTimer(END);
    long forgiven = END + RetryPolicy.DEFAULT.distrustNanos();

    assertThat(next().start(forgiven - 1)).isEqualTo(new Step.Send(1, 1));
    saysThatZeroLeads(1);
    assertThat(next().start(forgiven)).isEqualTo(new Step.Send(1, 1));
    saysThatZeroLeads(1);

    assertThat(next().start(forgiven)).isEqualTo(new Step.Send(1, 0));
  }

  @Test
  void leaderThatAnsweredOthersMeanwhileIsNotPassedOver() {
    leaderIs(0, 1);
    attempts.start(0);
    leaders.heard(0);

    attempts.onTimer(END);

    assertThat(next().start(END)).isEqualTo(new Step.Send(1, 0));
  }

  @Test
  void leaderThatHadNoTimeToAnswerIsNotPassedOver() {
    leaderIs(0, 1);
    attempts.start(DEADLINE - 100 * MILLI);

    attempts.onTimer(END);

    assertThat(next().start(END)).isEqualTo(new Step.Send(1, 0));
  }

  @Test
  void copyThatWasLostBeforeTheDeadlineLeavesTheLeaderTrusted() {
    leaderIs(0, 1);
    attempts.start(0);

    attempts.onFailure(1, CopyFailure.lost("reset"), 200 * MILLI);
    saysThatZeroLeads(1);

    assertThat(leaders.leader()).isZero();
  }

  private Attempts next() {
    return new Attempts(
        RequestKind.WRITE_IN_OWN_SESSION,
        RetryPolicy.DEFAULT,
        leaders,
        new SplittableRandom(1),
        4 * DEADLINE);
  }

  private void saysThatZeroLeads(int endpoint) {
    leaders.learn(endpoint, new Sighting(endpoint + 1, 1, 1, ""));
  }

  @Test
  void copiesUnderWayAreLimited() {
    attempts.start(0);
    long now = 0;
    int copies = 1;
    for (int term = 1; term < 30; term++) {
      now += 200 * MILLI;
      leaderIs(term % 3, term);
      copies += attempts.onTimer(now) instanceof Step.Send ? 1 : 0;
    }

    assertThat(copies).isEqualTo(RetryPolicy.DEFAULT.maxOutstandingCopies());
  }
}
