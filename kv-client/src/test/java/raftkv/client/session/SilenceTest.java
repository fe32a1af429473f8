package raftkv.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What happens while a copy is under way and nobody answers, on three endpoints 0, 1, 2. */
class SilenceTest {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 5_000 * MILLI;
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
