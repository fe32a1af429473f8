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

  private void turns(long... millis) {
    for (long each : millis) {
      standstills.onTurn(each * MILLI);
    }
  }
}
