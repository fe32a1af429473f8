package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import raftkv.cli.CallFixture.Call;
import raftkv.client.fake.Treatment;

/** Files that somebody writes to while they are loaded: far behind what is read ahead. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangedFileTest {
  private final CallFixture fixture = new CallFixture();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Beyond the bar's end, too. */
  @Test
  void fileThatGrowsMeanwhileIsStoredAsItWas() throws IOException {
    Path file = CallFixture.entries(directory, 10_000);
    byte[] more = Files.readString(file).replace("key", "more").getBytes(StandardCharsets.UTF_8);
    Runnable grow = () -> write(file, more, StandardOpenOption.APPEND);
    fixture.cluster().node(1).next(Treatment.then(grow, Treatment.answer()));

    Call call = fixture.watched("load", file.toString());

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("was changed while it was loaded");
    assertThat(call.out()).isEqualTo("10000 of 10000 entries stored\n");
    assertThat(fixture.cluster().store().applied()).hasSize(10_000);
  }

  @Test
  void emptyLinesBehindTheLastEntryAreNoChange() throws IOException {
    Path file = CallFixture.entries(directory, 10);
    write(
        file, "\n\r\n".repeat(100_000).getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);

    assertThat(fixture.call("load", file.toString()).code()).isZero();
  }

  @Test
  void lineThatBecomesBadMeanwhileEndsTheLoadInOrder() throws IOException {
    Path file = CallFixture.entries(directory, 10_000);
    String text = Files.readString(file).replace("key9999 value 9999", "key9999_value_9999");
    byte[] bad = text.getBytes(StandardCharsets.UTF_8);
    Runnable spoil = () -> write(file, bad, StandardOpenOption.TRUNCATE_EXISTING);
    fixture.cluster().node(1).next(Treatment.then(spoil, Treatment.answer()));

    Call call = fixture.call("load", file.toString());

    int stored = fixture.cluster().store().applied().size();
    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("was changed while it was loaded");
    assertThat(call.out()).isEqualTo(stored + " of 10000 entries stored\n");
  }

  private static void write(Path file, byte[] bytes, StandardOpenOption how) {
    try {
      Files.write(file, bytes, how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
