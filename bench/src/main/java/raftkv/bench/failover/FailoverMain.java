package raftkv.bench.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** The program behind {@code bench/failover.sh}. */
public final class FailoverMain {
  private static final int USAGE = 2;

  /** etcd, etcd-HEARTBEAT-ELECTION, raftkv, or raftkv-MIN-MAX, in milliseconds. */
  private static final Pattern NAME = Pattern.compile("(raftkv|etcd)(-\\d+-\\d+)?");

  private FailoverMain() {}

  /** Runs the trials that are missing in the results, and prints the table of all. */
  public static void main(String[] arguments) throws IOException {
    FailoverOptions options = new FailoverOptions();
    CommandLine line = new CommandLine(options);
    try {
      line.parseArgs(arguments);
      check(line, options);
    } catch (CommandLine.ParameterException wrong) {
      warn(String.valueOf(wrong.getMessage()));
      System.exit(USAGE);
    }
    // Whoever interrupts this must not find nodes left behind.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                "failover-stop"));
    System.exit(run(options));
  }

  private static void warn(String what) {
    System.err.println("failover: " + what);
  }

  private static void check(CommandLine line, FailoverOptions options) {
    for (String name : options.contenders) {
      if (!NAME.matcher(name).matches()) {
        throw new CommandLine.ParameterException(
            line,
            "'" + name + "' is none of raftkv, raftkv-MIN-MAX, etcd, etcd-HEARTBEAT-ELECTION");
      }
      if (isEtcd(name) && options.etcd.isEmpty() && !options.reportOnly) {
        throw new CommandLine.ParameterException(line, name + " needs --etcd, the program");
      }
    }
  }

  private static int run(FailoverOptions options) throws IOException {
    long begun = System.nanoTime();
    Results results = Results.open(options.results, facts(options), FailoverMain::warn);
    Campaign campaign =
        new Campaign(
            results,
            options.data,
            options.rounds,
            TimeUnit.MICROSECONDS.toNanos(options.paceMicros),
            options.storyAboveMs);
    List<Campaign.Part> parts = new ArrayList<>();
    for (String name : options.contenders) {
      Contender contender = contender(name, options);
      int trials = isEtcd(name) ? options.etcdTrials : options.trials;
      parts.add(new Campaign.Part(contender, options.faults, trials));
    }
    if (!options.reportOnly) {
      campaign.run(parts);
    }
    campaign.report(parts);
    Path plot = options.plot;
    if (plot != null) {
      Files.writeString(plot, ElectionPlot.svg(results, options.contenders, options.faults));
    }
    parts.forEach(part -> part.contender().close());
    System.out.printf(Locale.ROOT, "took %.0f s%n", (System.nanoTime() - begun) / 1e9);
    return 0;
  }

  private static Map<String, String> facts(FailoverOptions options) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", options.version);
    facts.put("java", Runtime.version().toString());
    return facts;
  }

  /** A contender by its name, which says its election timeout if that is not the default. */
  private static Contender contender(String name, FailoverOptions options) {
    // Its program, and both times or none.
    String[] parts = name.split("-", -1);
    boolean isDefault = parts.length == 1;
    if (isEtcd(name)) {
      List<String> times =
          isDefault
              ? List.of()
              : List.of("--heartbeat-interval=" + parts[1], "--election-timeout=" + parts[2]);
      return new EtcdContender(new Launch(name, options.nodes, options.etcd, times));
    }
    List<String> times =
        isDefault
            ? List.of()
            : List.of("--election-timeout-min-ms", parts[1], "--election-timeout-max-ms", parts[2]);
    String binary = options.home.resolve("bin/kv-server").toString();
    return new KvContender(new Launch(name, options.nodes, binary, times));
  }

  private static boolean isEtcd(String name) {
    return name.startsWith("etcd");
  }
}
