package raftkv.bench.failover;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The program behind {@code bench/failover.sh}. */
public final class FailoverMain {
  private static final int USAGE = 2;
  private static final String ELECTION = "raftkv-";

  private FailoverMain() {}

  /** Runs the trials that are missing in the results, and prints the table of all. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    FailoverOptions options = new FailoverOptions();
    try {
      new CommandLine(options).parseArgs(arguments);
    } catch (CommandLine.ParameterException wrong) {
      System.err.println("failover: " + wrong.getMessage());
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

  private static int run(FailoverOptions options) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Results results = Results.open(options.results, facts(options));
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
      boolean etcd = name.startsWith("etcd");
      parts.add(
          new Campaign.Part(contender, options.faults, etcd ? options.etcdTrials : options.trials));
    }
    if (!options.reportOnly) {
      campaign.run(parts);
    }
    campaign.report(parts);
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

  /** etcd, etcd-HEARTBEAT-ELECTION, raftkv, or raftkv-MIN-MAX with that election timeout. */
  private static Contender contender(String name, FailoverOptions options) {
    String[] numbers = name.replaceFirst("^[a-z]+-?", "").split("-", -1);
    if (name.equals("raftkv")) {
      return new KvContender(name, options.nodes, options.home, List.of());
    }
    if (name.startsWith(ELECTION) && numbers.length == 2) {
      return new KvContender(
          name,
          options.nodes,
          options.home,
          List.of(
              "--election-timeout-min-ms", numbers[0], "--election-timeout-max-ms", numbers[1]));
    }
    List<String> times =
        numbers.length == 2
            ? List.of("--heartbeat-interval=" + numbers[0], "--election-timeout=" + numbers[1])
            : List.of();
    return new EtcdContender(name, options.nodes, Path.of(options.etcd).toString(), times);
  }
}
