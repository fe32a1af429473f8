package raftkv.e2e.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the code of all modules to the rules of the layers. */
final class LayersTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("raftkv");

  @ParameterizedTest
  @EnumSource(LayerRule.class)
  void codeKeepsTheRule(LayerRule rule) {
    rule.rule().check(CODE);
  }

  // Goal: no rule is green because its package was not found.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "raftkv.raft",
        "raftkv.port",
        "raftkv.node",
        "raftkv.storage.wal",
        "raftkv.kv",
        "raftkv.transport",
        "raftkv.service",
        "raftkv.runtime",
        "raftkv.config",
        "raftkv.server",
        "raftkv.client",
        "raftkv.client.session",
        "raftkv.cli",
        "raftkv.simulation",
        "raftkv.simulation.node",
        "raftkv.simulation.history",
        "raftkv.bench",
        "raftkv.proto.kv.v1",
        "raftkv.proto.raft.v1"
      })
  void rulesSeeThePackage(String name) {
    assertThat(CODE.containPackage(name)).isTrue();
  }

  @Test
  void rulesDoNotSeeTests() {
    assertThat(CODE.containPackage("raftkv.e2e")).isFalse();
  }
}
