package raftkv.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All bugs are run by {@code simulation/plant}; here, that they can be, and that one is found. */
class PlantedBugsTest {
  /** Tests run in the module's directory. */
  private static final Path ROOT = Path.of("..");

  private static final Path BUGS = Path.of("bugs");

  @BeforeAll
  static void silenceTheNodes() {
    Configurator.setRootLevel(Level.OFF);
  }

  @Test
  void everyBugFitsTheSources() throws IOException {
    List<Bug> bugs = Bug.readAll(BUGS);

    assertThat(bugs).hasSizeGreaterThan(40);
    for (Bug bug : bugs) {
      assertThat(Planting.sources(bug, ROOT)).as(bug.name()).isNotEmpty();
    }
  }

  @Test
  void aPlantedBugIsFoundAndTheProductIsNotHarmed(@TempDir Path scratch) throws IOException {
    Bug bug =
        Bug.readAll(BUGS).stream()
            .filter(each -> each.name().equals("raft-ack-not-durable"))
            .findFirst()
            .orElseThrow();

    try (Planting planted = Planting.of(bug, ROOT, scratch)) {
      assertThat(planted.run(1)).startsWith("durable before it is said");
    }
    assertThat(Trial.run(1)).isNull();
  }

  @Test
  void aBugThatDoesNotFitIsNamed() {
    Bug.Change change = new Bug.Change(Path.of("A.java"), "gone", "");

    assertThatThrownBy(() -> change.applyTo("class A {}", "some-bug"))
        .hasMessage("some-bug: not exactly once in A.java: gone");
    assertThatThrownBy(() -> change.applyTo("gone, gone", "some-bug"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
