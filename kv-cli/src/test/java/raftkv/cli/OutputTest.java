package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.cli.CallFixture.Call;
import raftkv.proto.kv.v1.ListRequest;

/** Output that nobody takes, and commands that end in a way nobody thought of. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutputTest {
  private static final String SENTENCE = "kv-cli: the output could not be written to its end\n";

  private final CallFixture fixture = new CallFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** As on a full disk, or to a reader that has gone. */
  private static final class FullStream extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  private static PrintStream full() {
    return new PrintStream(new FullStream(), false, StandardCharsets.UTF_8);
  }

  @Test
  void listEndsWhereItsOutputEnds() {
    for (int i = 0; i < 20; i++) {
      fixture.call("put", "k" + i, "v");
    }

    Call list = fixture.callInto(full(), "list", "--page-size", "2");

    assertThat(list.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(list.err()).isEqualTo(SENTENCE);
    assertThat(fixture.cluster().node(1).received())
        .filteredOn(ListRequest.class::isInstance)
        .hasSize(1);
  }

  /** It was stored, but whoever called has no word of that. */
  @Test
  void writeWhoseAnswerCannotBeWrittenIsUnknownToTheCaller() {
    Call put = fixture.callInto(full(), "put", "k", "v");

    assertThat(put.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(put.err()).isEqualTo(SENTENCE);
    assertThat(fixture.cluster().store().applied()).hasSize(1);
  }

  @Test
  void codeThatSaysMoreStays() {
    Call refused = fixture.callInto(full(), "cas", "k", "v", "--if-value", "w", "-o", "json");
    Call unused = fixture.callInto(full(), "get", "nokey");

    assertThat(refused.code()).isEqualTo(ExitCode.NOT_MET);
    assertThat(refused.err()).isEqualTo(SENTENCE);
    assertThat(unused.code()).isEqualTo(ExitCode.NOT_MET);
    assertThat(unused.err()).doesNotContain(SENTENCE);
  }

  /** An outcome is unknown only where there is one. */
  @Test
  void bugLeavesNoOutcomeOpenWhereNothingWasWritten() {
    Call get = fixture.callInto(broken(), "count");
    Call put = fixture.callInto(broken(), "put", "k", "v");

    assertThat(get.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(get.err()).contains("a bug, please report it");
    assertThat(put.code()).isEqualTo(ExitCode.UNKNOWN);
  }

  private static PrintStream broken() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
      @Override
      public void println(String line) {
        throw new IllegalArgumentException("as a mistake of ours would");
      }
    };
  }
}
