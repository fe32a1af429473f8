package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandstillsTest {
  private static final long MILLI = 1_000_000;

  private final Standstills standstills = new Standstills();

  @Test
  void aSteadyNodeBelievesWhatItHears() {
    turns(1_000, 1_050, 1_100);

    assertThat(standstills.certain(1_100 * MILLI)).isEqualTo(1_100 * MILLI);
  }

  @Test
  void whatIsHeardRightAfterAStandstillIsOfTheTimeBefore() {
    turns(1_000, 1_050, 5_000, 5_010);

    assertThat(standstills.certain(5_000 * MILLI)).isEqualTo(1_050 * MILLI);
    assertThat(standstills.certain(5_010 * MILLI)).isEqualTo(1_050 * MILLI);
    assertThat(standstills.certain(1_000 * MILLI)).isEqualTo(1_000 * MILLI);
  }

  @Test
  void whatIsHeardLaterCountsAgain() {
    turns(1_000, 1_050, 5_000, 5_050);

    assertThat(standstills.certain(5_050 * MILLI)).isEqualTo(5_050 * MILLI);
  }

  @Test
  void twoStandstillsInARowAreOne() {
    turns(1_000, 1_050, 5_000, 5_010, 7_000);

    assertThat(standstills.certain(7_000 * MILLI)).isEqualTo(1_050 * MILLI);
  }

  /** The state may be as fresh as it was after the first one, and no fresher, ever since. */
  @Test
  void anEarlierStandstillIsNotForgottenInTheNextOne() {
    turns(1_000, 1_050, 5_000, 5_010, 5_050, 9_000);

    assertThat(standstills.certain(5_010 * MILLI)).isEqualTo(1_050 * MILLI);
    assertThat(standstills.certain(5_030 * MILLI)).isEqualTo(5_030 * MILLI);
    assertThat(standstills.certain(9_000 * MILLI)).isEqualTo(5_050 * MILLI);
  }

  @Test
  void ofVeryManyStandstillsNoneMakesTheStateFresher() {
    turns(0, 50);
    for (long i = 1; i <= 100; i++) {
      turns(1_000 * i, 1_000 * i + 50);
    }

    for (long i = 1; i <= 100; i++) {
      assertThat(standstills.certain(1_000 * i * MILLI))
          .isLessThanOrEqualTo((1_000 * i - 950) * MILLI);
    }
    assertThat(standstills.certain(100_000 * MILLI)).isEqualTo(99_050 * MILLI);
  }

  private void turns(long... millis) {
    for (long each : millis) {
      standstills.onTurn(each * MILLI);
    }
  }
}
