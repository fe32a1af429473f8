package raftkv.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The plots of a comparison. */
final class Plots {
  private static final double MICROS_PER_MILLI = 1_000;

  private final Results matrix;

  Plots(Results matrix) {
    this.matrix = matrix;
  }

  /** Writes all there is to see; what was not measured has no plot. */
  void writeTo(Path directory) throws IOException {
    for (String operation : List.of("put", "get")) {
      write(
          directory.resolve(operation + "-rate.svg"),
          chart(operation, operation + "s a second", "per_second", 1, Scale.LINEAR));
      write(
          directory.resolve(operation + "-p99.svg"),
          chart(operation, operation + " p99, ms", "p99_us", MICROS_PER_MILLI, Scale.LOGARITHMIC));
      write(
          directory.resolve(operation + "-cpu.svg"),
          chart(
              operation,
              "server CPU, s per 10,000 " + operation + "s",
              "server_cpu_s_per_10k",
              1,
              Scale.LOGARITHMIC));
    }
  }

  private Chart chart(String operation, String title, String field, double unit, Scale scale) {
    Chart chart = new Chart(title, "operations in flight", scale);
    List<String> targets = matrix.cells().stream().map(Cell::target).distinct().toList();
    for (String target : targets) {
      matrix.cells().stream()
          .filter(cell -> cell.target().equals(target) && cell.operation().equals(operation))
          .filter(cell -> cell.rate() == 0)
          .sorted((a, b) -> Integer.compare(a.inFlight(), b.inFlight()))
          .forEach(
              cell -> {
                Spread spread = matrix.spread(cell, field);
                if (spread != null && spread.least() > 0) {
                  chart.with(target, cell.inFlight(), spread.by(unit));
                }
              });
    }
    return chart;
  }

  /** Writes a chart, unless there is nothing in it. */
  static void write(Path file, Chart chart) throws IOException {
    if (!chart.isEmpty()) {
      Files.writeString(file, chart.svg());
    }
  }
}
