package raftkv.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.simulation.check.Tally;

class OptionsTest {
  private static Options parsed(String line) {
    Options options = Options.parse(line.split(" "));
    assertThat(options).as(line).isNotNull();
    return options;
  }

  @Test
  void rangeOfSeedsIsRead() {
    Options options = parsed("--seeds 7..19 --jobs 2");

    assertThat(options.fromSeed()).isEqualTo(7);
    assertThat(options.toSeed()).isEqualTo(19);
    assertThat(options.jobs()).isEqualTo(2);
    assertThat(options.limits()).isEqualTo(Limits.NONE);
  }

  /** The command that is printed for a shrunk seed has to repeat it. */
  @Test
  void whatIsLeftOutIsPrintedAsItIsRead() {
    Limits limits =
        Limits.NONE
            .withFaults(12)
            .withClients(2)
            .without(Tally.Kind.KILL)
            .without(Tally.Kind.PAUSE);

    assertThat(parsed("--seed 5" + limits).limits()).isEqualTo(limits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--seed",
        "--seed x",
        "--seeds 1..",
        "--jobs 0 --seed 1",
        "--without WAR",
        "-v"
      })
  void whatCannotBeUnderstoodIsRefused(String line) {
    assertThat(Options.parse(line.split(" "))).isNull();
  }
}
