package raftkv.bench.failover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.bench.machine.Directories;
import raftkv.bench.report.JsonLine;
import raftkv.bench.report.JsonLines;

/** Lines of JSON that grow trial by trial, so that a run that was cut off goes on where it was. */
final class Results {
  private final Path file;
  private final Path traces;
  private final Map<String, String> facts;
  private final List<TrialResult> trials = new ArrayList<>();

  private Results(Path file, Map<String, String> facts) {
    this.file = file;
    this.traces = file.resolveSibling(nameOf(file) + "-traces");
    this.facts = facts;
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "");
  }

  /**
   * The results in a file, none if it is not there.
   *
   * @param facts what is said of each trial: versions, machine
   * @param told gets a sentence about each line that is not whole
   */
  static Results open(Path file, Map<String, String> facts, Consumer<String> told)
      throws IOException {
    Results results = new Results(file, facts);
    if (!Files.exists(file)) {
      Directories.createFor(file);
      return results;
    }
    for (JsonLine line : JsonLines.read(file, told)) {
      results.trials.add(TrialResult.of(line));
    }
    return results;
  }

  void add(TrialResult trial, double longMs) throws IOException {
    JsonLine line = trial.json();
    facts.forEach(line::with);
    JsonLines.append(file, line);
    trials.add(trial);
    if (trial.gapMs() > longMs) {
      writeStory(trial);
    }
  }

  private void writeStory(TrialResult trial) throws IOException {
    Files.createDirectories(traces);
    List<String> lines = new ArrayList<>();
    lines.add(trial.explanation());
    lines.addAll(trial.story());
    String name =
        trial.contender() + "-" + trial.fault() + "-" + of(trial.contender(), trial.fault()).size();
    Files.write(traces.resolve(name + ".txt"), lines, StandardCharsets.UTF_8);
  }

  List<TrialResult> of(String contender, @Nullable Fault fault) {
    return trials.stream()
        .filter(trial -> trial.contender().equals(contender))
        .filter(trial -> fault == null || trial.fault() == fault)
        .toList();
  }
}
