package raftkv.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** From lines to ratios and tables. */
class ReportTest {
  private static JsonLine level(
      String target, String operation, int inFlight, String round, double perSecond) {
    return new JsonLine()
        .with("part", "matrix")
        .with("round", round)
        .with("cell", target + " " + operation)
        .with("target", target)
        .with("operation", operation)
        .with("in_flight", inFlight)
        .with("rate", 0)
        .with("seconds", 16)
        .with("operations", perSecond * 16)
        .with("per_second", perSecond)
        .with("p99_us", 1e6 / perSecond);
  }

  private static Results threeRounds() {
    List<JsonLine> lines = new ArrayList<>();
    double[] ours = {400, 500, 900};
    double[] theirs = {100, 200, 150};
    for (int round = 0; round < 3; round++) {
      lines.add(level("raftkv", "put", 64, Integer.toString(round), ours[round]));
      lines.add(level("etcd", "put", 64, Integer.toString(round), theirs[round]));
    }
    return new Results(lines);
  }

  @Test
  void aLineSurvivesBeingWrittenAndRead() {
    JsonLine line =
        new JsonLine()
            .with("a \"b\" \\", "x, y: {\"}")
            .with("n", 1.5)
            .with("whole", 3)
            .with("e", "");

    JsonLine read = JsonLine.parse(line.toString());

    assertThat(read).isNotNull();
    assertThat(read.text("a \"b\" \\")).isEqualTo("x, y: {\"}");
    assertThat(read.number("n")).isEqualTo(1.5);
    assertThat(read.text("whole")).isEqualTo("3");
    assertThat(read.text("e")).isEmpty();
    assertThat(read.toString()).isEqualTo(line.toString());
  }

  // Goal: a run that was killed in the middle of a line goes on with what is whole.
  @Test
  void aLineThatIsNotWholeIsNone() {
    String whole = new JsonLine().with("a", "b").with("n", 12).toString();

    for (int end = 0; end < whole.length(); end++) {
      assertThat(JsonLine.parse(whole.substring(0, end))).as(whole.substring(0, end)).isNull();
    }
    assertThat(JsonLine.parse("no json")).isNull();
    assertThat(JsonLine.parse("{\"a\":}")).isNull();
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Spread.of(4, 1, 3, 100)).isEqualTo(new Spread(3.5, 1, 100, 4));
    assertThat(Spread.of(5, 1, 3)).isEqualTo(new Spread(3, 1, 5, 3));
  }

  @Test
  void aRatioIsOfMediansAndItsSpreadIsThatOfTheRounds() {
    Ratio ratio =
        Ratio.of(
            threeRounds(),
            Cell.closed("raftkv", "put", 64),
            Cell.closed("etcd", "put", 64),
            "per_second");

    assertThat(ratio).isNotNull();
    assertThat(ratio.ofMedians()).isCloseTo(500.0 / 150, within(1e-9));
    assertThat(ratio.inRounds()).isEqualTo(new Spread(4, 2.5, 6, 3));
  }

  // Goal: a run that was broken off has rounds in which one of the two was not measured.
  @Test
  void aRoundOfOneAloneHasNoRatio() {
    List<JsonLine> lines = new ArrayList<>(threeRounds().lines());
    lines.add(level("raftkv", "put", 64, "3", 700));

    Ratio ratio =
        Ratio.of(
            new Results(lines),
            Cell.closed("raftkv", "put", 64),
            Cell.closed("etcd", "put", 64),
            "per_second");

    assertThat(ratio).isNotNull();
    assertThat(ratio.inRounds()).isEqualTo(new Spread(4, 2.5, 6, 3));
  }

  @Test
  void whatWasNotMeasuredHasNoRatio() {
    Results results = threeRounds();

    assertThat(
            Ratio.of(
                results,
                Cell.closed("raftkv", "put", 1),
                Cell.closed("etcd", "put", 1),
                "per_second"))
        .isNull();
    assertThat(results.best("zookeeper", "put")).isNull();
  }

  @Test
  void theBestCellIsTheOneWithTheHighestMedian() {
    Results results =
        new Results(
            List.of(
                level("etcd", "put", 64, "1", 10),
                level("etcd", "put", 256, "1", 30),
                level("etcd", "put", 1_024, "1", 20),
                level("etcd", "get", 256, "1", 90)));

    assertThat(results.best("etcd", "put")).isEqualTo(Cell.closed("etcd", "put", 256));
  }

  @Test
  void ratesHaveToBeHighAndLatenciesLow() {
    Goal rate = Goal.all().get(1);
    Goal latency = Goal.all().get(2);

    assertThat(rate.what()).isEqualTo("put/s, 64 in flight");
    assertThat(List.of(rate.verdict(2.4), rate.verdict(2.5), rate.verdict(4)))
        .containsExactly("**missed**", "required", "aim");
    assertThat(latency.what()).isEqualTo("put p99, 64 in flight");
    assertThat(List.of(latency.verdict(0.6), latency.verdict(0.5), latency.verdict(0.3)))
        .containsExactly("**missed**", "required", "aim");
  }

  @Test
  void aMachineThatWasSlowerForALevelIsSaidSo() {
    JsonLine fast = level("raftkv", "put", 64, "1", 900).with("machine_speed", 500);
    JsonLine slow = level("etcd", "put", 64, "1", 90).with("machine_speed", 200);

    assertThat(new Tables(new Results(List.of(fast, slow))).lines())
        .contains(
            "Speed of the processors, of that in the fastest level: median 0.70, least 0.40.");
    assertThat(new Tables(threeRounds()).lines()).noneMatch(line -> line.startsWith("Speed"));
  }

  @Test
  void tablesNameEveryTargetAndTheRatio() {
    List<String> lines = new Tables(threeRounds()).lines();

    assertThat(lines).anyMatch(line -> line.startsWith("| raftkv | 500 (400–900) |"));
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith(
                    "| put/s, 64 in flight | raftkv / etcd | 3.33 | 4.00 (2.50–6.00) | at least 2.50"));
    assertThat(lines).anyMatch(line -> line.contains("not measured"));
  }

  @Test
  void aChartIsWellFormedAndHasALineForEachTarget() throws Exception {
    Chart chart =
        new Chart("puts < a second", "in flight", Scale.LOGARITHMIC)
            .with("a & b", 1, Spread.of(5))
            .with("a & b", 64, Spread.of(50, 60, 700))
            .with("c", 64, Spread.of(3));

    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));

    assertThat(parsed.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(parsed.getElementsByTagName("circle").getLength()).isEqualTo(3);
    assertThat(chart.svg()).contains("a &amp; b").doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void aScaleHasAllValuesBetweenItsEnds() {
    for (Scale scale : Scale.values()) {
      double bottom = scale.floor(0.7);
      double top = scale.ceiling(23_456);

      assertThat(scale.place(0.7, bottom, top)).isBetween(0.0, 1.0);
      assertThat(scale.place(23_456, bottom, top)).isBetween(0.8, 1.0);
      assertThat(scale.ticks(bottom, top)).hasSizeBetween(4, 8);
    }
  }

  @Test
  void tablesArePutBetweenTheMarksOfADocumentAndReplaceWhatWasThere() {
    List<String> document =
        List.of("a", "<!-- comparison: begin -->", "old", "<!-- comparison: end -->", "b");

    assertThat(Summary.placed(document, "comparison", List.of("new")))
        .containsExactly(
            "a", "<!-- comparison: begin -->", "", "new", "", "<!-- comparison: end -->", "b");
  }

  @Test
  void growthIsDrawnOverTheNumberThatItGrowsWith() {
    List<JsonLine> lines = new ArrayList<>();
    for (int nodes : new int[] {1, 3, 5}) {
      lines.add(
          new JsonLine()
              .with("part", "nodes")
              .with("system", "raftkv")
              .with("what", nodes + " nodes")
              .with("operation", "put")
              .with("per_second", 1_000.0 / nodes)
              .with("errors", 10L * nodes));
    }
    lines.add(
        new JsonLine()
            .with("part", "nodes")
            .with("system", "raftkv")
            .with("what", "3 nodes")
            .with("fact", "memory")
            .with("number", 120)
            .with("unit", "MiB"));

    String svg = GrowthTables.chart(lines, "nodes", "", "puts").svg();

    assertThat(svg.split("<circle", -1)).hasSize(4);
    assertThat(new GrowthTables().growth(lines))
        .contains("### Growth: nodes", "| raftkv | 3 nodes | memory | 120 MiB |")
        .anyMatch(
            line ->
                line.startsWith("| raftkv | 5 nodes | put |  | 200 |") && line.contains("| 50 |"));
  }

  @Test
  void callsAreSummedUpForEachJava() {
    List<JsonLine> lines = new ArrayList<>();
    for (int micros : new int[] {150_000, 250_000, 170_000}) {
      lines.add(new JsonLine().with("part", "cli").with("java", "17.0.1").with("us", micros));
    }
    lines.add(new JsonLine().with("part", "cli").with("java", "25").with("us", 90_000));

    assertThat(new GrowthTables().cli(lines))
        .contains("| 17.0.1 | 3 | 170 (150–250) |", "| 25 | 1 | 90.0 |");
  }

  @Test
  void everyGoalIsAboutTwoDifferentTargets() {
    assertThat(Goal.all())
        .allMatch(goal -> !goal.ours().equals(goal.theirs()))
        .doesNotHaveDuplicates();
  }
}
