package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElectionPlotTest {
  private static final int UNKNOWN = -1;

  @TempDir private Path directory;

  private static TrialResult trial(Fault fault, double gapMs, double electedMs) {
    return new TrialResult(
        "raftkv",
        fault,
        "2026-11-21T10:00:00Z",
        1,
        gapMs,
        gapMs,
        gapMs,
        0,
        true,
        new Timeline(UNKNOWN, UNKNOWN, UNKNOWN, electedMs, 1),
        List.of());
  }

  /** 100 ms lie in the middle of 10 to 1,000, which is from 60 to 710 of the picture. */
  @Test
  void drawsTheTimesUntilAnotherLed() throws IOException {
    Results results = Results.open(directory.resolve("r.jsonl"), Map.of(), told -> {});
    results.add(trial(Fault.KILL, 30, 100), 300);
    results.add(trial(Fault.KILL, 30, UNKNOWN), 300);
    results.add(trial(Fault.CUT, 40, UNKNOWN), 300);

    String svg = ElectionPlot.svg(results, List.of("raftkv", "etcd"), List.of(Fault.values()));

    Matcher curve = Pattern.compile("<polyline .* points=\"(.*)\"/>").matcher(svg);
    assertThat(curve.find()).isTrue();
    assertThat(curve.group(1).trim().split(" "))
        .hasSize(200)
        .allSatisfy(point -> assertThat(point).startsWith("385.0,"));
    assertThat(curve.find()).as("a curve of trials without a winner").isFalse();
    assertThat(svg).contains("raftkv, SIGKILL").doesNotContain("etcd");
  }
}
