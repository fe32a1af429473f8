package raftkv.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OptionsTest {
  @Test
  void whatIsThereByDefaultIsAllowed() {
    assertThatCode(parsed()::check).doesNotThrowAnyException();
    assertThatCode(parsed("--endpoints", "a:1,[::1]:9001", "--note", "round=1=2")::check)
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--in-flight, 0, --in-flight is at least 1",
        "--connections, 0, --connections is at least 1",
        "--ops, 0, --ops is at least 1",
        "--warm-up, -1, --warm-up is at least 0",
        "--endpoints, localhost, 'localhost' is not host:port",
        "--note, round, --note 'round' is not NAME=VALUE",
        "--note, =1, --note '=1' is not NAME=VALUE",
      })
  void whatCannotBeMeasuredIsRefusedInOneSentence(String option, String value, String sentence) {
    assertThatThrownBy(parsed(option, value)::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  private static Options parsed(String... arguments) {
    Options options = new Options();
    new CommandLine(options).parseArgs(arguments);
    return options;
  }
}
