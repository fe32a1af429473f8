package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir private Path directory;

  private final List<String> told = new ArrayList<>();

  private Results open(Path file, Map<String, String> facts) throws IOException {
    return Results.open(file, facts, told::add);
  }

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
    Results first = open(file, Map.of("version", "abc"));
    first.add(trial(30), 300);
    first.add(trial(40), 300);
    assertThat(told).isEmpty();
    Files.writeString(file, "{\"contender\":\"raft", StandardOpenOption.APPEND);

    Results again = open(file, Map.of());

    assertThat(again.of("raftkv", Fault.KILL))
        .extracting(TrialResult::gapMs)
        .containsExactly(30.0, 40.0);
    assertThat(told).singleElement().asString().contains("failover.jsonl: line 3 is not whole");
    assertThat(again.of("raftkv", Fault.STOP)).isEmpty();
    assertThat(again.of("etcd", null)).isEmpty();
    assertThat(Files.readString(file)).contains("\"version\":\"abc\"");
  }

  @Test
  void aTrialBehindHalfALineIsKept() throws IOException {
    Path file = directory.resolve("failover.jsonl");
    Files.writeString(file, "{\"contender\":\"raft");

    open(file, Map.of()).add(trial(30), 300);

    assertThat(open(file, Map.of()).of("raftkv", Fault.KILL))
        .extracting(TrialResult::gapMs)
        .containsExactly(30.0);
  }

  @Test
  void aLongGapLeavesItsStoryBeside() throws IOException {
    Results results = open(directory.resolve("failover.jsonl"), Map.of());
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
