package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsal that does not go as it should would make an archive without what nodes need. */
class RehearsalTest {
  @TempDir Path directory;

  @Test
  void everythingGoesAsItShouldAndNothingIsLeftBehind() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path output = directory.resolve("output");
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    Process process =
        new ProcessBuilder(
                java,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Rehearsal.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    boolean ended = process.waitFor(90, TimeUnit.SECONDS);

    process.destroyForcibly();
    assertThat(ended).isTrue();
    assertThat(Files.readString(output)).doesNotContain("failed");
    assertThat(process.exitValue()).isZero();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("kv-"))).isEmpty();
    }
  }
}
