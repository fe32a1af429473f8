package raftkv.simulation.election;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.simulation.election.ElectionSetting.Style;

/** Figure 16 of the Raft paper, with few trials: what its curves say in words. */
class ElectionTrialTest {
  private static final int TRIALS = 60;

  private static ElectionTimes paper(int min, int max) {
    return ElectionTimes.measure(new ElectionSetting(min, max, Style.PAPER), TRIALS);
  }

  @Test
  void theSameSeedGivesTheSameTime() {
    ElectionSetting setting = new ElectionSetting(150, 300, Style.OURS);

    double first = ElectionTrial.millisWithoutLeader(setting, 7);

    assertThat(ElectionTrial.millisWithoutLeader(setting, 7)).isEqualTo(first);
    assertThat(ElectionTrial.millisWithoutLeader(setting, 8)).isNotEqualTo(first);
  }

  @Test
  void nobodyLeadsBeforeHalfOfTheLeastTimeoutIsOver() {
    assertThat(paper(150, 300).at(0)).isGreaterThan(75);
  }

  @Test
  void withoutRandomnessSplitVotesRepeat() {
    assertThat(paper(150, 150).at(50)).isGreaterThan(3 * paper(150, 300).at(50));
  }

  @Test
  void aShorterTimeoutGivesAShorterTimeWithoutLeader() {
    assertThat(paper(12, 24).mean()).isLessThan(paper(50, 100).mean());
    assertThat(paper(50, 100).mean()).isLessThan(paper(150, 300).mean());
  }

  @Test
  void aBrokenLinkSpeaksSoonerThanAnyTimeout() {
    ElectionTimes ours = ElectionTimes.measure(new ElectionSetting(150, 300, Style.OURS), TRIALS);

    assertThat(ours.at(50)).isLessThan(75);
  }
}
