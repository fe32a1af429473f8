package raftkv.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program behind {@code bench/report.sh}. */
public final class Summary {
  private static final int USAGE = 2;

  private final Path directory;

  /** The directory as the document has to name it. */
  private final Path fromDocument;

  private final List<String> printed = new ArrayList<>();
  private List<String> document;

  private Summary(Path directory, Path fromDocument, List<String> document) {
    this.directory = directory;
    this.fromDocument = fromDocument;
    this.document = document;
  }

  /** Reads the results in a directory, writes tables and plots beside them, prints the tables. */
  public static void main(String[] arguments) throws IOException {
    boolean into = arguments.length == 3 && arguments[1].equals("--into");
    if (arguments.length != 1 && !into) {
      end("needs a directory with results, as bench/results/NAME, and may have --into FILE");
    }
    Path directory = Path.of(arguments[0]);
    Path file = into ? Path.of(arguments[2]).toAbsolutePath() : null;
    Summary summary =
        file == null
            ? new Summary(directory, directory, List.of())
            : new Summary(
                directory,
                file.resolveSibling("").relativize(directory.toAbsolutePath()),
                Files.readAllLines(file));
    summary.comparison();
    summary.growth();
    summary.soak();
    summary.cli();
    if (summary.printed.isEmpty()) {
      end("no results in " + directory);
    }
    if (file == null) {
      summary.printed.forEach(System.out::println);
    } else {
      Files.write(file, summary.document);
    }
  }

  private void comparison() throws IOException {
    Results results = new Results(read("levels.jsonl"));
    if (!results.lines().isEmpty()) {
      new Plots(results.part(Results.MATRIX)).writeTo(directory);
      tell(
          "comparison",
          new Tables(results).lines(),
          "put-rate.svg",
          "put-p99.svg",
          "put-cpu.svg",
          "get-rate.svg",
          "get-p99.svg",
          "get-cpu.svg");
    }
  }

  private void growth() throws IOException {
    List<JsonLine> lines = read("growth.jsonl");
    if (!lines.isEmpty()) {
      Plots.write(
          directory.resolve("growth-connections.svg"),
          GrowthTables.chart(lines, "connections", "memory of a node", "memory of a node, MiB"));
      Plots.write(
          directory.resolve("growth-nodes.svg"),
          GrowthTables.chart(lines, "nodes", "", "puts a second, 256 in flight"));
      Plots.write(
          directory.resolve("growth-keys.svg"),
          GrowthTables.chart(lines, "keys", "", "puts a second, 256 in flight"));
      tell(
          "growth",
          new GrowthTables().growth(lines),
          "growth-keys.svg",
          "growth-nodes.svg",
          "growth-connections.svg");
    }
  }

  private void soak() throws IOException {
    List<JsonLine> lines = read("soak.jsonl");
    if (!lines.isEmpty()) {
      tell("soak", new GrowthTables().soak(lines));
    }
  }

  private void cli() throws IOException {
    List<JsonLine> lines = read("cli.jsonl");
    if (!lines.isEmpty()) {
      tell("cli", new GrowthTables().cli(lines));
    }
  }

  /** The whole lines of a file; none if there is no such file. */
  private List<JsonLine> read(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) ? JsonLines.read(file, Summary::warn) : List.of();
  }

  private void tell(String mark, List<String> lines, String... plots) throws IOException {
    Files.write(directory.resolve(mark + ".md"), lines);
    printed.addAll(lines);
    if (!document.isEmpty()) {
      List<String> withPlots = new ArrayList<>(lines);
      for (String plot : plots) {
        if (Files.exists(directory.resolve(plot))) {
          withPlots.add("");
          withPlots.add("![" + plot + "](" + fromDocument.resolve(plot) + ")");
        }
      }
      document = placed(document, mark, withPlots);
    }
  }

  /** The document with these lines between its two marks. */
  static List<String> placed(List<String> document, String mark, List<String> lines) {
    int begin = document.indexOf("<!-- " + mark + ": begin -->");
    int end = document.indexOf("<!-- " + mark + ": end -->");
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("no marks for '" + mark + "' there");
    }
    List<String> placed = new ArrayList<>(document.subList(0, begin + 1));
    placed.add("");
    placed.addAll(lines);
    placed.add("");
    placed.addAll(document.subList(end, document.size()));
    return placed;
  }

  private static void warn(String what) {
    System.err.println("report: " + what);
  }

  private static void end(String why) {
    warn(why);
    System.exit(USAGE);
  }
}
