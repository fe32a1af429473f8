package raftkv.simulation.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mistake that somebody could have made, as its file says:
 *
 * <pre>
 * breaks: safety
 * rule: safety 1.1
 * checker: promises
 * seeds: 1..20
 * Votes are asked for before they are durable.
 * file: raft/src/main/java/raftkv/raft/Candidate.java
 * &lt;&lt;&lt;&lt;
 * text that stands there once
 * ====
 * text to stand there instead
 * &gt;&gt;&gt;&gt;
 * </pre>
 *
 * @param name of the file, without its ending
 * @param breaks what goes wrong: safety, or only liveness
 * @param rule of safety.md, or number of the hazard
 * @param checkers one of which should be the first to see it, or empty if any may
 * @param seeds among which it must be found
 * @param words what the mistake is
 * @param open why the simulator does not find it yet, or empty: then it must
 */
record Bug(
    String name,
    Breaks breaks,
    String rule,
    List<String> checkers,
    Seeds seeds,
    String words,
    String open,
    List<Change> changes) {
  private static final String ENDING = ".bug";

  /** What a mistake costs. */
  enum Breaks {
    SAFETY,
    LIVENESS
  }

  /** From and to, both included. */
  record Seeds(long from, long to) {
    static Seeds parse(String text) {
      int dots = text.indexOf("..");
      return new Seeds(
          Long.parseLong(text.substring(0, dots)), Long.parseLong(text.substring(dots + 2)));
    }

    long count() {
      return to - from + 1;
    }
  }

  /** What to replace in which source file. */
  record Change(Path file, String before, String after) {
    String applyTo(String source, String bug) {
      int at = source.indexOf(before);
      if (at < 0 || source.indexOf(before, at + 1) >= 0) {
        throw new IllegalArgumentException(
            bug + ": not exactly once in " + file + ": " + before.strip());
      }
      return source.substring(0, at) + after + source.substring(at + before.length());
    }
  }

  /** All bugs of a directory, by name. */
  static List<Bug> readAll(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
    List<Bug> bugs = new ArrayList<>();
    for (Path file : files) {
      bugs.add(read(file));
    }
    return bugs;
  }

  private static Bug read(Path file) throws IOException {
    String name = file.getFileName().toString();
    BugText text = new BugText(name, Files.readAllLines(file));
    return text.parse(name.substring(0, name.length() - ENDING.length()));
  }
}
