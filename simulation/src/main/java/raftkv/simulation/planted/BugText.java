package raftkv.simulation.planted;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the file of a {@link Bug}. */
final class BugText {
  private final String name;
  private final List<String> lines;
  private int next;

  private Bug.Breaks breaks = Bug.Breaks.SAFETY;
  private String rule = "";
  private String open = "";
  private List<String> checkers = List.of();
  private Bug.Seeds seeds = new Bug.Seeds(1, 0);
  private final StringBuilder words = new StringBuilder();
  private Path file = Path.of("");
  private final List<Bug.Change> changes = new ArrayList<>();

  BugText(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  Bug parse(String bugName) {
    while (next < lines.size()) {
      takeLine(lines.get(next++));
    }
    if (changes.isEmpty() || seeds.count() < 1 || rule.isEmpty() || words.isEmpty()) {
      throw new IllegalArgumentException(name + ": a rule, seeds, words and a change are needed");
    }
    return new Bug(
        bugName, breaks, rule, checkers, seeds, words.toString(), open, List.copyOf(changes));
  }

  private void takeLine(String line) {
    if (line.equals("<<<<")) {
      String before = block("====");
      changes.add(new Bug.Change(file, before, block(">>>>")));
      return;
    }
    int colon = line.indexOf(": ");
    String value = colon < 0 ? "" : line.substring(colon + 2).strip();
    switch (colon < 0 ? "" : line.substring(0, colon)) {
      case "breaks" -> breaks = Bug.Breaks.valueOf(value.toUpperCase(Locale.ROOT));
      case "rule" -> rule = value;
      case "open" -> open = value;
      case "checker" -> checkers = List.of(value.split(", ", -1));
      case "seeds" -> seeds = Bug.Seeds.parse(value);
      case "file" -> file = Path.of(value);
      default -> words.append(words.isEmpty() || line.isBlank() ? "" : " ").append(line.strip());
    }
  }

  /** The lines up to that mark, without the last line's end: a piece of a line may be replaced. */
  private String block(String end) {
    StringBuilder block = new StringBuilder();
    while (!lines.get(next).equals(end)) {
      block.append(block.isEmpty() ? "" : "\n").append(lines.get(next++));
    }
    next++;
    return block.toString();
  }
}
