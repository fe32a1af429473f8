package raftkv.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir private Path outside;

  @Test
  void removesAllThatIsInADirectoryAndNothingThatItLinksTo() throws IOException {
    Path kept = Files.writeString(outside.resolve("kept"), "x");
    Path file = outside.resolve("run").resolve("node1").resolve("a.wal");
    Directories.createFor(file);
    Files.writeString(file, "x");
    Files.createSymbolicLink(outside.resolve("run").resolve("link"), outside);

    Directories.remove(outside.resolve("run"));
    Directories.remove(outside.resolve("run"));

    assertThat(outside.resolve("run")).doesNotExist();
    assertThat(kept).exists();
  }
}
