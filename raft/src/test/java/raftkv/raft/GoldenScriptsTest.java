package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each script tells a story and says what every step gives. {@code -Dgolden.update=true} writes the
 * files anew: read the difference, and commit only what you can explain. {@code -Dscript=NAME}
 * takes those whose name begins so.
 */
class GoldenScriptsTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/scripts");
  private static final String ONLY = System.getProperty("script", "");

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .filter(file -> file.getFileName().toString().startsWith(ONLY))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void givesWhatItsScriptSays(Path file) throws IOException {
    String written = Files.readString(file);

    String now = Script.rerun(written);

    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, now);
    } else {
      assertThat(now).isEqualTo(written);
    }
  }

  @Test
  void thereAreAtLeastThirty() throws IOException {
    assertThat(scripts()).hasSizeGreaterThanOrEqualTo(30);
  }
}
