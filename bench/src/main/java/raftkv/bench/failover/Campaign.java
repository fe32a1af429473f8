package raftkv.bench.failover;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Trials of several contenders in rounds, so that what the machine does meanwhile hits all of them.
 * Begins where the results end.
 */
final class Campaign {
  static final double LONG_MS = 300;

  private final Results results;
  private final Path data;
  private final int rounds;
  private final long paceNanos;
  private final double storyAboveMs;

  /**
   * Who goes through what.
   *
   * @param trials of each fault in the whole
   */
  record Part(Contender contender, List<Fault> faults, int trials) {}

  Campaign(Results results, Path data, int rounds, long paceNanos, double storyAboveMs) {
    this.results = results;
    this.data = data;
    this.rounds = rounds;
    this.paceNanos = paceNanos;
    this.storyAboveMs = storyAboveMs;
  }

  void run(List<Part> parts) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      for (Part part : parts) {
        runGroup(part, round);
      }
    }
  }

  private void runGroup(Part part, int round) throws IOException {
    int goal = (part.trials() * round + rounds - 1) / rounds;
    String name = part.contender().name();
    if (part.faults().stream().allMatch(fault -> results.of(name, fault).size() >= goal)) {
      return;
    }
    long begun = System.nanoTime();
    ClientTrace trace = new ClientTrace();
    try (Hands hands = new Hands();
        Cluster cluster = Cluster.start(part.contender(), data)) {
      cluster.awaitHealthy();
      try (Prober prober = Prober.start(part.contender().newWriter(trace), paceNanos)) {
        Trial trial = new Trial(cluster, part.contender(), prober, trace, hands);
        for (int number = 1; number <= goal; number++) {
          runOfEach(part, trial, number);
        }
      }
    }
    tell(part, round, (System.nanoTime() - begun) / 1e9);
  }

  private void runOfEach(Part part, Trial trial, int number) throws IOException {
    for (Fault fault : part.faults()) {
      if (results.of(part.contender().name(), fault).size() < number) {
        results.add(trial.run(fault), storyAboveMs);
      }
    }
  }

  private void tell(Part part, int round, double seconds) {
    StringBuilder line = new StringBuilder();
    for (Fault fault : part.faults()) {
      List<TrialResult> trials = results.of(part.contender().name(), fault);
      Quantiles gaps = new Quantiles(trials.stream().map(TrialResult::gapMs).toList());
      line.append(
          String.format(
              Locale.ROOT,
              "  %s %d: %.0f/%.0f/%.0f",
              fault,
              gaps.count(),
              gaps.median(),
              gaps.at(99),
              gaps.max()));
    }
    System.out.printf(
        Locale.ROOT,
        "round %d of %d, %s, %.0f s; gaps p50/p99/max in ms so far:%s%n",
        round,
        rounds,
        part.contender().name(),
        seconds,
        line);
  }

  /** Prints what all trials so far say. */
  void report(List<Part> parts) {
    System.out.println(Table.head());
    for (Part part : parts) {
      for (Fault fault : part.faults()) {
        List<TrialResult> trials = results.of(part.contender().name(), fault);
        if (!trials.isEmpty()) {
          System.out.println(Table.line(part.contender().name(), fault, trials, LONG_MS));
        }
      }
    }
    System.out.println();
    for (Part part : parts) {
      results.of(part.contender().name(), null).stream()
          .filter(trial -> trial.gapMs() > LONG_MS)
          .forEach(trial -> System.out.println(trial.explanation()));
    }
  }
}
