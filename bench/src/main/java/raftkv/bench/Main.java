package raftkv.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import raftkv.bench.machine.DiskUse;
import raftkv.bench.target.TargetFactory;

/** The program behind {@code bench/run.sh}. */
public final class Main {
  private static final int FAILED_OPERATIONS = 1;
  private static final int USAGE = 2;
  private static final int NO_CLUSTER = 3;
  private static final int WRONG_ANSWERS = 4;

  private final Options options;

  private Main(Options options) {
    this.options = options;
  }

  /** Runs one measurement and ends with a code that {@code --help} explains. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = new Options();
    CommandLine line = new CommandLine(options);
    try {
      line.parseArgs(arguments);
    } catch (CommandLine.ParameterException wrong) {
      System.err.println("bench: " + wrong.getMessage() + "; see --help");
      System.exit(USAGE);
    }
    if (options.help) {
      line.usage(System.out);
      return;
    }
    if (options.listTargets) {
      TargetFactory.known().forEach(System.out::println);
      return;
    }
    try {
      options.check();
      System.exit(new Main(options).run());
    } catch (IllegalArgumentException wrong) {
      System.err.println("bench: " + wrong.getMessage());
      System.exit(USAGE);
    }
  }

  private int run() throws IOException, InterruptedException {
    if (!options.endpoints.isEmpty()) {
      return measure(
          new Nodes(options.endpoints, options.pids, Path.of(""), List.of(), () -> false));
    }
    Path parent = options.home.resolve(options.dataParent);
    try (LocalNodes nodes = LocalNodes.start(options.home, parent)) {
      // A put that is interrupted by Ctrl-C must not leave three processes behind.
      Runtime.getRuntime().addShutdownHook(new Thread(nodes::close, "bench-stop"));
      return measure(
          new Nodes(
              nodes.endpoints(),
              nodes.pids(),
              nodes.directory(),
              nodes.directories(),
              nodes::isAnyGone));
    }
  }

  /** The cluster that is measured, with what is known of its processes. */
  private record Nodes(
      List<String> endpoints,
      List<Long> pids,
      Path data,
      List<Path> directories,
      BooleanSupplier hopeless) {}

  private int measure(Nodes nodes) throws IOException, InterruptedException {
    Level level = new Level(options, nodes.endpoints(), nodes.pids());
    try (DiskUse disk = DiskUse.watch(nodes.directories())) {
      Level.Outcome outcome = level.run(nodes.hopeless());
      if (outcome == null) {
        System.err.println(
            "bench: no answer from "
                + String.join(", ", nodes.endpoints())
                + ": "
                + level.silence());
        return NO_CLUSTER;
      }
      Report report = new Report(options, outcome, nodes.pids());
      report.lines(nodes.data()).forEach(System.out::println);
      disk.describe().forEach(line -> System.out.println("disk      " + line));
      if (options.json != null) {
        report.appendTo(options.json, nodes.data());
      }
      if (outcome.verdict() != null && !outcome.verdict().failures().isEmpty()) {
        return WRONG_ANSWERS;
      }
      return outcome.result().errors().isEmpty() ? 0 : FAILED_OPERATIONS;
    }
  }
}
