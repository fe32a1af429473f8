package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir private Path directory;

  private static TrialResult trial(double gapMs) {
    return new TrialResult(
        "raftkv",
        Fault.KILL,
        "2026-11-21T10:00:00Z",
        1,
        gapMs,
        gapMs,
        gapMs,
        0,
        true,
        new Timeline(10, 10, 12, 15, 1),
        List.of("    +12.0  node 2: became candidate"));
  }

  @Test
  void aRunThatWasCutOffGoesOnBehindItsLastWholeLine() throws IOException {
    Path file = directory.resolve("new").resolve("failover.jsonl");
    Results first = Results.open(file, Map.of("version", "abc"));
    first.add(trial(30), 300);
    first.add(trial(40), 300);
    Files.writeString(file, "{\"contender\":\"raft", StandardOpenOption.APPEND);

    Results again = Results.open(file, Map.of());

    assertThat(again.of("raftkv", Fault.KILL))
        .extracting(TrialResult::gapMs)
        .containsExactly(30.0, 40.0);
    assertThat(again.of("raftkv", Fault.STOP)).isEmpty();
    assertThat(again.of("etcd", null)).isEmpty();
    assertThat(Files.readString(file)).contains("\"version\":\"abc\"");
  }

  @Test
  void aLongGapLeavesItsStoryBeside() throws IOException {
    Results results = Results.open(directory.resolve("failover.jsonl"), Map.of());
    results.add(trial(299), 300);
    results.add(trial(301), 300);

    Path traces = directory.resolve("failover-traces");
    assertThat(traces.resolve("raftkv-KILL-1.txt")).doesNotExist();
    assertThat(Files.readAllLines(traces.resolve("raftkv-KILL-2.txt")))
        .hasSize(2)
        .last()
        .isEqualTo("    +12.0  node 2: became candidate");
  }
}
