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
  void thePartsAddUpToTheEndOfTheGap() {
    TrialResult.Parts parts = TRIAL.parts();

    assertThat(parts).isEqualTo(new TrialResult.Parts(240, 3, 8, 160.25));
    assertThat(parts.detection() + parts.preVote() + parts.vote() + parts.answer())
        .isEqualTo(TRIAL.endMs());
    assertThat(parts.heaviest()).isEqualTo("detection");
  }

  @Test
  void aHandOverHasNoPreVote() {
    TrialResult handedOver =
        new TrialResult(
            "raftkv",
            Fault.TERM,
            "2026-11-21T10:00:00Z",
            2,
            6,
            9,
            7,
            0,
            true,
            new Timeline(-1, -1, 3, 5, 1),
            List.of());

    assertThat(handedOver.parts()).isEqualTo(new TrialResult.Parts(3, 0, 2, 4));
  }
}
