package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import raftkv.bench.report.JsonLine;

class TrialResultTest {
  private static final TrialResult TRIAL =
      new TrialResult(
          "raftkv",
          Fault.STOP,
          "2026-11-21T10:00:00Z",
          2,
          412.5,
          411.25,
          413,
          0,
          true,
          new Timeline(198, 240, 243, 251, 1),
          List.of());

  @Test
  void aLineGivesTheSameTrialBack() {
    JsonLine line = Objects.requireNonNull(JsonLine.parse(TRIAL.json().toString()));

    assertThat(TrialResult.of(line)).isEqualTo(TRIAL);
  }

  @Test
  void thePartsAddUpToTheGap() {
    TrialResult.Parts parts = TRIAL.parts();

    assertThat(parts).isEqualTo(new TrialResult.Parts(241.25, 3, 8, 160.25));
    assertThat(parts.detection() + parts.preVote() + parts.vote() + parts.answer())
        .isEqualTo(TRIAL.gapMs());
    assertThat(parts.heaviest()).isEqualTo("detection");
  }

  @Test
  void aHandOverHasNoPreVoteAndServesUntilThen() {
    assertThat(handedOver(6, 9).parts()).isEqualTo(new TrialResult.Parts(0, 0, 2, 4));
    assertThat(handedOver(8, 9).parts()).isEqualTo(new TrialResult.Parts(2, 0, 2, 4));
  }

  @Test
  void aGapLongBehindTheElectionHasNothingOfIt() {
    assertThat(handedOver(6, 200).parts()).isEqualTo(new TrialResult.Parts(0, 0, 0, 6));
  }

  @Test
  void withoutAnotherLeaderNothingIsKnown() {
    TrialResult.Parts parts = terminated(6, 9, new Timeline(-1, -1, -1, -1, 0)).parts();

    assertThat(parts).isEqualTo(new TrialResult.Parts(0, 0, 0, 0));
    assertThat(parts.heaviest()).isEqualTo("nothing that the logs show");
  }

  private static TrialResult handedOver(double gapMs, double endMs) {
    return terminated(gapMs, endMs, new Timeline(-1, -1, 3, 5, 1));
  }

  private static TrialResult terminated(double gapMs, double endMs, Timeline timeline) {
    return new TrialResult(
        "raftkv",
        Fault.TERM,
        "2026-11-21T10:00:00Z",
        2,
        gapMs,
        endMs,
        7,
        0,
        true,
        timeline,
        List.of());
  }
}
