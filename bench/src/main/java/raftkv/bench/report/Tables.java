package raftkv.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A run as Markdown. Everything in it is computed from the lines of the run. */
final class Tables {
  private static final double MICROS_PER_MILLI = 1_000;
  private static final double PER_10_000 = 1e4;

  private final Results all;
  private final List<String> out = new ArrayList<>();

  Tables(Results all) {
    this.all = all;
  }

  /** The whole of it. */
  List<String> lines() {
    head();
    Results matrix = all.part(Results.MATRIX);
    goals(matrix);
    for (String operation : List.of("put", "get")) {
      byInFlight(matrix, operation, "a second", "per_second", 1);
      byInFlight(matrix, operation, "p50, ms", "p50_us", MICROS_PER_MILLI);
      byInFlight(matrix, operation, "p99, ms", "p99_us", MICROS_PER_MILLI);
      byInFlight(matrix, operation, "server CPU, s per 10,000", "server_cpu_s_per_10k", 1);
    }
    costs(matrix);
    singles(all.part(Results.REST));
    surroundings();
    return List.copyOf(out);
  }

  private void head() {
    List<String> versions =
        new TreeSet<>(all.lines().stream().map(Tables::version).toList()).stream().toList();
    String first = all.texts("ended").stream().findFirst().orElse("");
    String last = all.texts("ended").stream().reduce((a, b) -> b).orElse("");
    say("Measured %s to %s. %s.", first, last, String.join("; ", all.texts("machine")));
    say("");
    say("Versions: %s.", String.join(", ", versions));
    say("");
    say(
        "%s keys of %s bytes, values of %s bytes. Medians of %d rounds, in brackets the least and the most.",
        String.join(", ", all.texts("keys")),
        String.join(", ", all.texts("key_bytes")),
        String.join(", ", all.texts("value_bytes")),
        all.part(Results.MATRIX).texts("round").size());
  }

  private static String version(JsonLine line) {
    return line.text("system") + " " + line.text("version");
  }

  private void goals(Results matrix) {
    title("Against the goals");
    say(
        "| measure | ours / theirs | ratio of medians | ratios in one round | required | aim | reached |");
    say("|---|---|---|---|---|---|---|");
    for (Goal goal : Goal.all()) {
      Ratio found = goal.found(matrix);
      say(
          "| %s | %s / %s | %s | %s | %s | %s | %s |",
          goal.what(),
          goal.ours(),
          goal.theirs(),
          found == null ? "–" : Numbers.ratio(found.ofMedians()),
          found == null ? "–" : Numbers.ratio(found.inRounds()),
          goal.bounds().words(goal.bounds().required()),
          goal.bounds().words(goal.bounds().aim()),
          found == null ? "not measured" : goal.verdict(found.ofMedians()));
    }
  }

  private void byInFlight(
      Results matrix, String operation, String what, String field, double unit) {
    List<Cell> cells =
        matrix.cells().stream().filter(cell -> cell.operation().equals(operation)).toList();
    List<Integer> levels = List.copyOf(new TreeSet<>(cells.stream().map(Cell::inFlight).toList()));
    if (levels.isEmpty()) {
      return;
    }
    title(operation + ", " + what + ", by operations in flight");
    StringBuilder head = new StringBuilder("| |");
    levels.forEach(level -> head.append(String.format(Locale.ROOT, " %,d |", level)));
    say(head.toString());
    say("|---|" + "---|".repeat(levels.size()));
    for (String target : cells.stream().map(Cell::target).distinct().toList()) {
      StringBuilder row = new StringBuilder("| ").append(target).append(" |");
      for (int level : levels) {
        Spread spread = matrix.spread(Cell.closed(target, operation, level), field);
        row.append(' ').append(text(spread, unit)).append(" |");
      }
      say(row.toString());
    }
  }

  private void costs(Results matrix) {
    title("What 256 in flight cost");
    say(
        "| | operation | client CPU, s per 10,000 | server CPU, s per 10,000 | written to disk, MiB per 10,000 | peak RSS of all servers, MiB |");
    say("|---|---|---|---|---|---|");
    for (Cell cell : matrix.cells()) {
      if (cell.inFlight() == 256 && cell.rate() == 0) {
        say(
            "| %s | %s | %s | %s | %s | %s |",
            cell.target(),
            cell.operation(),
            text(matrix.spread(cell, "client_cpu_s_per_10k"), 1),
            text(matrix.spread(cell, "server_cpu_s_per_10k"), 1),
            perTenThousand(matrix, cell),
            text(matrix.spread(cell, "rss_peak_mib"), 1));
      }
    }
  }

  private static String perTenThousand(Results matrix, Cell cell) {
    double[] values =
        matrix.lines().stream()
            .filter(line -> Cell.of(line).equals(cell))
            .mapToDouble(line -> line.number("disk_mib") / line.number("operations") * PER_10_000)
            .toArray();
    return Numbers.of(Spread.of(values), 1);
  }

  private void singles(Results rest) {
    if (rest.lines().isEmpty()) {
      return;
    }
    title("Measured once");
    say(
        "| | operation | in flight | a second | p50, ms | p99, ms | p99.9, ms | most, ms | server CPU, s per 10,000 | errors |");
    say("|---|---|---|---|---|---|---|---|---|---|");
    for (JsonLine line : rest.lines()) {
      boolean open = line.number("rate") > 0;
      say(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
          line.text("target"),
          line.text("operation"),
          open
              ? "at " + Numbers.of(line.number("rate")) + "/s"
              : Numbers.of(line.number("in_flight")).replaceAll("\\.0+$", ""),
          Numbers.of(line.number("per_second")),
          Numbers.of(line.number("p50_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("p99_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("p999_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("max_us") / MICROS_PER_MILLI),
          Numbers.of(line.number("server_cpu_s_per_10k")),
          line.text("errors"));
    }
  }

  /** Whether the answers were right, and whether the machine was quiet. */
  private void surroundings() {
    title("Answers, errors, and who else was busy");
    double wrong = sum("wrong");
    say(
        "%s levels, %s operations, %s errors. The sample: %s operations judged, %s keys wrong.",
        Numbers.of(all.lines().size()).replaceAll("\\.\\d+$", ""),
        Numbers.of(sum("operations")),
        count(sum("errors")),
        Numbers.of(sum("checked")),
        wrong == 0 ? "no" : "**" + count(wrong) + "**");
    say("");
    Spread others = Spread.of(share("other_cpu_s"));
    Spread stolen = Spread.of(share("stolen_s"));
    say(
        "Processor time of others, in percent of one core: median %s, most %s; taken by the host: median %s, most %s.",
        Numbers.of(others.median()),
        Numbers.of(others.most()),
        Numbers.of(stolen.median()),
        Numbers.of(stolen.most()));
    say("");
    speed();
    all.lines().stream()
        .sorted(Comparator.comparingDouble((JsonLine line) -> -line.number("other_cpu_s")))
        .limit(3)
        .forEach(
            line ->
                say(
                    "- most in round %s, %s: %s s of %s s (%s)",
                    line.text("round"),
                    line.text("cell"),
                    Numbers.of(line.number("other_cpu_s")),
                    Numbers.of(line.number("seconds")),
                    line.text("others")));
  }

  /** How fast the processors were, where it was watched. */
  private void speed() {
    double[] speeds =
        all.lines().stream().mapToDouble(line -> line.number("machine_speed")).toArray();
    Spread speed = Spread.of(speeds);
    if (speed.least() > 0) {
      say(
          "Speed of the processors, of that in the fastest level: median %s, least %s.",
          Numbers.ratio(speed.median() / speed.most()),
          Numbers.ratio(speed.least() / speed.most()));
      say("");
    }
  }

  private double[] share(String field) {
    return all.lines().stream()
        .mapToDouble(line -> 100 * line.number(field) / line.number("seconds"))
        .toArray();
  }

  private double sum(String field) {
    return all.lines().stream().mapToDouble(line -> line.number(field)).sum();
  }

  private static String count(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  private static String text(@Nullable Spread spread, double unit) {
    return spread == null ? "–" : Numbers.of(spread, unit);
  }

  private void title(String text) {
    say("");
    say("### %s%s", text.substring(0, 1).toUpperCase(Locale.ROOT), text.substring(1));
    say("");
  }

  private void say(String format, Object... values) {
    out.add(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
