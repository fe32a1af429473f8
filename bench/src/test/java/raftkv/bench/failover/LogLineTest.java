package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogLineTest {
  @Test
  void whatHasNoTimeBelongsToTheLineBeforeIt() {
    List<String> lines =
        List.of("2026-11-21T10:00:00.112Z WARN  lost", "\tat some.Where(Where.java:1)", "");

    assertThat(LogLine.parse(2, lines, LogWords.KV))
        .singleElement()
        .isEqualTo(new LogLine(2, 1_795_255_200_112_000L, lines.get(0)));
  }

  /** Left out, it would be missing in figures, and nobody would know. */
  @Test
  void aTimeThatCannotBeReadIsNotPassedOver() {
    List<String> lines = List.of("2026-11-21T10:00.112Z INFO  became candidate");

    assertThatThrownBy(() -> LogLine.parse(2, lines, LogWords.KV))
        .hasMessageContaining("node 2")
        .hasMessageContaining("10:00.112Z INFO  became candidate");
  }
}
