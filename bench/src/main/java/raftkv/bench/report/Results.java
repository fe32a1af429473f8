package raftkv.bench.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The levels of a run, as they stand in its file. */
final class Results {
  /** Measured in every round. */
  static final String MATRIX = "matrix";

  /** Measured once. */
  static final String REST = "rest";

  private final List<JsonLine> lines;

  Results(List<JsonLine> lines) {
    this.lines = List.copyOf(lines);
  }

  List<JsonLine> lines() {
    return lines;
  }

  /** Those of a part. */
  Results part(String part) {
    return new Results(lines.stream().filter(line -> line.text("part").equals(part)).toList());
  }

  /** What stands in a field, each once, in order. */
  List<String> texts(String field) {
    return List.copyOf(new TreeSet<>(lines.stream().map(line -> line.text(field)).toList()));
  }

  /** The cells that were measured, in the order in which they were first. */
  List<Cell> cells() {
    return lines.stream().map(Cell::of).distinct().toList();
  }

  /** The values of a field in all rounds of a cell; null if it was never measured. */
  @Nullable Spread spread(Cell cell, String field) {
    double[] values =
        lines.stream()
            .filter(line -> Cell.of(line).equals(cell))
            .mapToDouble(line -> line.number(field))
            .toArray();
    return values.length == 0 ? null : Spread.of(values);
  }

  /** The values of a field by round. */
  Map<String, Double> byRound(Cell cell, String field) {
    Map<String, Double> values = new TreeMap<>();
    for (JsonLine line : lines) {
      if (Cell.of(line).equals(cell)) {
        values.put(line.text("round"), line.number(field));
      }
    }
    return values;
  }

  /** Of a target's closed loops, the one with the best median rate; null if there is none. */
  @Nullable Cell best(String target, String operation) {
    Cell best = null;
    double most = 0;
    for (Cell cell : cells()) {
      if (cell.target().equals(target) && cell.operation().equals(operation) && cell.rate() == 0) {
        Spread spread = spread(cell, "per_second");
        if (spread != null && spread.median() > most) {
          best = cell;
          most = spread.median();
        }
      }
    }
    return best;
  }
}
