package raftkv.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  /** A run with something left out is a run like any other: repeatable, and smaller. */
  @Test
  void runWithLimitsHasFewerFaultsAndIsTheSameEachTime() {
    Configurator.setRootLevel(Level.OFF);
    Limits limits = Limits.NONE.withFaults(3).withClients(1);

    RunResult first = new SimWorld(42, limits, null).run();
    RunResult second = new SimWorld(42, limits, null).run();

    assertThat(first.failure()).isNull();
    assertThat(first.faults()).isEqualTo(3);
    assertThat(second.traceHash()).isEqualTo(first.traceHash());
  }
}
