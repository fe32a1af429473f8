package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir private Path directory;

  @Test
  void aLineThatIsBeingWrittenIsReadWhenItIsWhole() throws IOException {
    Path log = Files.writeString(directory.resolve("node1.log"), "one\ntwo\nthr");
    LogTail tail = new LogTail(log);

    assertThat(tail.newLines()).containsExactly("one", "two");
    assertThat(tail.newLines()).isEmpty();
    Files.writeString(log, "ee\nfour\n", StandardOpenOption.APPEND);
    assertThat(tail.newLines()).containsExactly("three", "four");
  }
}
