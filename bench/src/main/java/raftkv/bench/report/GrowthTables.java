package raftkv.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code bench/growth.sh}, {@code soak.sh} and {@code cli.sh} measured, as Markdown. */
final class GrowthTables {
  private static final double MICROS_PER_MILLI = 1_000;

  private final List<String> out = new ArrayList<>();

  /** Levels and facts of growth, part by part. */
  List<String> growth(List<JsonLine> lines) {
    for (String part : lines.stream().map(line -> line.text("part")).distinct().toList()) {
      List<JsonLine> ofPart =
          lines.stream().filter(line -> line.text("part").equals(part)).toList();
      title("Growth: " + part);
      levels(ofPart.stream().filter(line -> line.has("per_second")).toList());
      facts(ofPart.stream().filter(line -> line.has("fact")).toList());
    }
    return List.copyOf(out);
  }

  /** Long runs, with what became of their leaders. */
  List<String> soak(List<JsonLine> lines) {
    title("Long runs");
    levels(lines.stream().filter(line -> line.has("per_second")).toList());
    say("| run | minutes | leaders elected | stepped down | pre-votes begun |");
    say("|---|---|---|---|---|");
    for (JsonLine line : lines) {
      if (line.has("elected")) {
        say(
            "| %s | %s | %s | %s | %s |",
            line.text("name"),
            line.text("minutes"),
            line.text("elected"),
            line.text("stepped_down"),
            line.text("pre_votes"));
      }
    }
    return List.copyOf(out);
  }

  /** Calls of the command line, for each build of Java. */
  List<String> cli(List<JsonLine> lines) {
    title("One call of kv-cli get, the whole process");
    say("| Java | calls | ms |");
    say("|---|---|---|");
    for (String java : lines.stream().map(line -> line.text("java")).distinct().toList()) {
      Spread calls =
          Spread.of(
              lines.stream()
                  .filter(line -> line.text("java").equals(java))
                  .mapToDouble(line -> line.number("us"))
                  .toArray());
      say("| %s | %d | %s |", java, calls.count(), Numbers.of(calls, MICROS_PER_MILLI));
    }
    return List.copyOf(out);
  }

  private void levels(List<JsonLine> levels) {
    if (levels.isEmpty()) {
      return;
    }
    say(
        "| | | operation | in flight | a second | p50, ms | p99, ms | most, ms | errors | peak RSS of all, MiB |");
    say("|---|---|---|---|---|---|---|---|---|---|");
    for (JsonLine line : levels) {
      say(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
          line.has("system") ? line.text("system") : line.text("target"),
          line.has("what") ? line.text("what") : line.text("name"),
          line.text("operation"),
          line.text("in_flight"),
          Numbers.of(line.number("per_second")),
          Numbers.of(line.number("p50_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("p99_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("max_us") / MICROS_PER_MILLI),
          line.text("errors"),
          line.text("rss_peak_mib"));
    }
    say("");
  }

  private void facts(List<JsonLine> facts) {
    if (facts.isEmpty()) {
      return;
    }
    say("| | | | |");
    say("|---|---|---|---|");
    for (JsonLine line : facts) {
      say(
          "| %s | %s | %s | %s %s |",
          line.text("system"),
          line.text("what"),
          line.text("fact"),
          Numbers.of(line.number("number")).replaceAll("\\.0+$", ""),
          line.text("unit"));
    }
  }

  /** One number against another, of all lines that say so: "100 connections", "5 nodes". */
  static Chart chart(List<JsonLine> lines, String part, String fact, String title) {
    Chart chart = new Chart(title, part, Scale.LINEAR);
    for (String system : lines.stream().map(line -> line.text("system")).distinct().toList()) {
      for (String what : lines.stream().map(line -> line.text("what")).distinct().toList()) {
        double[] values =
            lines.stream()
                .filter(line -> line.text("part").equals(part) && line.text("what").equals(what))
                .filter(line -> line.text("system").equals(system))
                .filter(
                    line ->
                        fact.isEmpty() ? line.has("per_second") : line.text("fact").equals(fact))
                .mapToDouble(line -> line.number(fact.isEmpty() ? "per_second" : "number"))
                .toArray();
        if (values.length > 0 && Character.isDigit(what.charAt(0))) {
          chart.with(system, leadingNumber(what), Spread.of(values));
        }
      }
    }
    return chart;
  }

  private static double leadingNumber(String text) {
    return Double.parseDouble(text.substring(0, text.indexOf(' ')));
  }

  private void title(String text) {
    say("");
    say("### %s", text);
    say("");
  }

  private void say(String format, Object... values) {
    out.add(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
