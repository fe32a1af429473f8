package raftkv.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;

/** The program behind {@code bench/run.sh}. */
public final class Main {
  private static final int FAILED_PUTS = 1;
  private static final int USAGE = 2;
  private static final int NO_CLUSTER = 3;
  private static final long FORMATION_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long PROBE_GAP_NANOS = Duration.ofMillis(100).toNanos();
  private static final double MICROS_PER_MILLI = 1_000;

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
    System.exit(new Main(options).run());
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

  /** Whether waiting makes no sense any more. */
  private interface Hopeless {
    boolean isSo();
  }

  /** The cluster that is measured, with what is known of its processes. */
  private record Nodes(
      List<String> endpoints,
      List<Long> pids,
      Path data,
      List<Path> directories,
      Hopeless hopeless) {}

  private int measure(Nodes nodes) throws InterruptedException {
    try (Target target = new KvTarget(nodes.endpoints(), options.inFlight)) {
      if (!answers(target, nodes.hopeless())) {
        System.err.println("bench: no answer from " + String.join(", ", nodes.endpoints()));
        return NO_CLUSTER;
      }
      if (options.warmUp > 0) {
        ClosedLoop.run(target, workload(options.warmUp));
      }
      try (DiskUse disk = DiskUse.watch(nodes.directories())) {
        Recorder.Result result = load(target);
        print(target, result, nodes);
        disk.describe().forEach(line -> say("disk      %s", line));
        return result.errors().isEmpty() ? 0 : FAILED_PUTS;
      }
    }
  }

  private Recorder.Result load(Target target) throws InterruptedException {
    Workload workload = workload(options.operations);
    return workload.perSecond() > 0
        ? OpenLoop.run(target, workload)
        : ClosedLoop.run(target, workload);
  }

  private Workload workload(long operations) {
    return new Workload(
        operations, options.inFlight, options.perSecond, options.keys, options.valueBytes);
  }

  /** Waits for the first put that is answered: nodes started a moment ago have to form first. */
  private static boolean answers(Target target, Hopeless hopeless) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < FORMATION_NANOS && !hopeless.isSo()) {
      try {
        target.put("bench-probe", "here").join();
        return true;
      } catch (CompletionException notYet) {
        LockSupport.parkNanos(PROBE_GAP_NANOS);
      }
    }
    return false;
  }

  private void print(Target target, Recorder.Result result, Nodes nodes) {
    Histogram micros = result.micros();
    say("machine   %s", Machine.describe(nodes.data()));
    say("target    %s", target.describe());
    say(
        "load      %,d puts, %s, %,d keys, values of %d bytes, %,d before",
        options.operations, pace(), options.keys, options.valueBytes, options.warmUp);
    say("result    %,.0f puts/s over %.1f s", result.perSecond(), result.nanos() / 1e9);
    say(
        "latency   p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms",
        micros.getValueAtPercentile(50) / MICROS_PER_MILLI,
        micros.getValueAtPercentile(99) / MICROS_PER_MILLI,
        micros.getValueAtPercentile(99.9) / MICROS_PER_MILLI,
        micros.getMaxValue() / MICROS_PER_MILLI);
    say("errors    %s", result.errors().isEmpty() ? "none" : result.errors());
    for (long pid : nodes.pids()) {
      say(
          "memory    process %d: %,d MiB resident, %,d MiB at most",
          pid, Machine.residentMib(pid), Machine.peakMib(pid));
    }
  }

  private String pace() {
    return options.perSecond > 0
        ? String.format(
            Locale.ROOT, "%,d a second, %d in flight at most", options.perSecond, options.inFlight)
        : options.inFlight + " in flight";
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
