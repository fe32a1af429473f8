package raftkv.simulation.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;

/**
 * Plants the bugs of {@code simulation/bugs}, one at a time, and runs seeds until a checker sees
 * each: {@code [NAME...] [--jobs N] [--table]}. Run at the root of the source tree. Ends with
 * status 1 if one that breaks safety survives its seeds and is not known to, 2 if a bug does not
 * fit the sources any more.
 */
public final class PlantedBugs {
  private static final Path BUGS = Path.of("simulation/bugs");
  private static final Path TABLE = Path.of("docs/testing.md");
  private static final String TABLE_BEGIN = "<!-- planted bugs, written by simulation/plant -->";
  private static final String TABLE_END = "<!-- end of planted bugs -->";

  private final List<Bug> bugs;
  private final AtomicInteger next = new AtomicInteger();
  private final @Nullable Finding[] findings;
  private final Path scratch;
  private final long begunNanos = System.nanoTime();

  // Guarded by this.
  private @Nullable Throwable thrown;

  private PlantedBugs(List<Bug> bugs, Path scratch) {
    this.bugs = bugs;
    this.scratch = scratch;
    this.findings = new Finding[bugs.size()];
  }

  /** Runs what the options say. */
  public static void main(String[] options) throws IOException, InterruptedException {
    Configurator.setRootLevel(Level.OFF);
    int jobs = 1;
    boolean table = false;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < options.length; i++) {
      switch (options[i]) {
        case "--jobs" -> jobs = Integer.parseInt(options[++i]);
        case "--table" -> table = true;
        default -> names.add(options[i]);
      }
    }
    List<Bug> wanted = new ArrayList<>(Bug.readAll(BUGS));
    wanted.removeIf(bug -> !names.isEmpty() && names.stream().noneMatch(bug.name()::startsWith));
    Path scratch = Files.createTempDirectory("planted");
    try {
      PlantedBugs run = new PlantedBugs(wanted, scratch);
      run.runAll(jobs);
      System.exit(run.report(table));
    } finally {
      delete(scratch);
    }
  }

  private void runAll(int jobs) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      Thread thread = new Thread(this::work, "bugs-" + i);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void work() {
    for (int at = next.getAndIncrement(); at < bugs.size(); at = next.getAndIncrement()) {
      try {
        Finding finding = search(bugs.get(at));
        findings[at] = finding;
        System.out.println(finding.line());
      } catch (IOException | RuntimeException failure) {
        failed(failure);
        return;
      }
    }
  }

  private synchronized void failed(Throwable failure) {
    thrown = failure;
  }

  private Finding search(Bug bug) throws IOException {
    long begun = System.nanoTime();
    try (Planting planted = Planting.of(bug, Path.of(""), scratch.resolve(bug.name()))) {
      @Nullable String failure = null;
      long seed = bug.seeds().from() - 1;
      while (failure == null && seed < bug.seeds().to()) {
        seed++;
        failure = planted.run(seed);
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Finding(bug, seed - bug.seeds().from() + 1, seconds, failure);
    }
  }

  private synchronized int report(boolean table) throws IOException {
    if (thrown != null) {
      System.err.println(thrown.getMessage());
      return 2;
    }
    List<Finding> all = Stream.of(findings).toList();
    List<Finding> caught = all.stream().filter(Finding::isCaught).toList();
    List<Long> seeds = caught.stream().map(Finding::seeds).sorted().toList();
    long unexpected = caught.stream().filter(finding -> !finding.isByExpectedChecker()).count();
    String sum =
        String.format(
            Locale.ROOT,
            "%d bugs planted, %d caught, %d by another checker than expected, median %d seeds",
            all.size(),
            caught.size(),
            unexpected,
            seeds.isEmpty() ? 0 : seeds.get(seeds.size() / 2));
    System.out.println(sum);
    System.out.printf(Locale.ROOT, "in %.0f s%n", (System.nanoTime() - begunNanos) / 1e9);
    if (table) {
      writeTable(all, sum);
    }
    return all.stream().anyMatch(Finding::isMissed) ? 1 : 0;
  }

  private static void writeTable(List<Finding> all, String sum) throws IOException {
    StringBuilder rows = new StringBuilder(TABLE_BEGIN + "\n");
    rows.append(sum)
        .append(".\n\n| bug | mistake | rule | seeds | checker |\n|---|---|---|---|---|\n");
    all.forEach(finding -> rows.append(finding.row()).append('\n'));
    String text = Files.readString(TABLE);
    int begin = text.indexOf(TABLE_BEGIN);
    int end = text.indexOf(TABLE_END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(TABLE + " has no place for the table of planted bugs");
    }
    Files.writeString(TABLE, text.substring(0, begin) + rows + text.substring(end));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
