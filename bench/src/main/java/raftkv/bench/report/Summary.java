package raftkv.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program behind {@code bench/report.sh}. */
public final class Summary {
  private static final int USAGE = 2;

  private Summary() {}

  /** Reads the results in a directory, writes tables and plots beside them, prints the tables. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1 || !Files.isRegularFile(Path.of(arguments[0], "levels.jsonl"))) {
      System.err.println("report: needs a directory with results, as bench/results/NAME");
      System.exit(USAGE);
    }
    Path directory = Path.of(arguments[0]);
    Results results = Results.read(directory.resolve("levels.jsonl"));
    if (results.lines().isEmpty()) {
      System.err.println("report: no results in " + directory);
      System.exit(USAGE);
    }
    List<String> lines = new Tables(results).lines();
    Files.write(directory.resolve("tables.md"), lines);
    lines.forEach(System.out::println);
  }
}
