package raftkv.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program behind {@code bench/report.sh}. */
public final class Summary {
  private static final int USAGE = 2;
  private static final String BEGIN = "<!-- comparison: begin -->";
  private static final String END = "<!-- comparison: end -->";

  private Summary() {}

  /** Reads the results in a directory, writes tables and plots beside them, prints the tables. */
  public static void main(String[] arguments) throws IOException {
    boolean into = arguments.length == 3 && arguments[1].equals("--into");
    if (arguments.length != 1 && !into) {
      end("needs a directory with results, as bench/results/NAME, and may have --into FILE");
    }
    Path directory = Path.of(arguments[0]);
    Path raw = directory.resolve("levels.jsonl");
    Results results = Results.read(raw);
    if (results.lines().isEmpty()) {
      end("no results in " + raw);
    }
    List<String> lines = new Tables(results).lines();
    Files.write(directory.resolve("tables.md"), lines);
    new Plots(results.part(Results.MATRIX)).writeTo(directory);
    if (into) {
      Path document = Path.of(arguments[2]);
      Files.write(document, placed(Files.readAllLines(document), lines));
    } else {
      lines.forEach(System.out::println);
    }
  }

  /** The document with these lines between its two marks. */
  static List<String> placed(List<String> document, List<String> lines) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("no lines '" + BEGIN + "' and '" + END + "' there");
    }
    List<String> placed = new ArrayList<>(document.subList(0, begin + 1));
    placed.add("");
    placed.addAll(lines);
    placed.add("");
    placed.addAll(document.subList(end, document.size()));
    return placed;
  }

  private static void end(String why) {
    System.err.println("report: " + why);
    System.exit(USAGE);
  }
}
