package raftkv.bench.failover;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import raftkv.bench.machine.Calm;

/**
 * One leader struck: waits until all is well, the machine calm, and writes flow, strikes, waits
 * until writes flow again, takes it back, and waits until all is well.
 */
final class Trial {
  private static final double NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  /**
   * So many writes that began after the strike, or after the process's end, have to be answered.
   */
  private static final long RECOVERED_WRITES = 300;

  /** A machine that is never calm is measured as it is; the result says so. */
  private static final long CALM_SECONDS = 10;

  private static final long STORY_BEFORE_MICROS = TimeUnit.MILLISECONDS.toMicros(60);
  private static final long STORY_AFTER_MICROS = TimeUnit.MILLISECONDS.toMicros(100);

  private final Cluster cluster;
  private final Contender contender;
  private final Prober prober;
  private final ClientTrace trace;
  private final Hands hands;

  Trial(Cluster cluster, Contender contender, Prober prober, ClientTrace trace, Hands hands) {
    this.cluster = cluster;
    this.contender = contender;
    this.prober = prober;
    this.trace = trace;
    this.hands = hands;
  }

  /** The moment at which it was struck, on both clocks. */
  private record Strike(int leader, long nanos, long micros) {
    long microsAt(long atNanos) {
      return micros + (atNanos - nanos) / NANOS_PER_MICRO;
    }
  }

  TrialResult run(Fault fault) throws IOException {
    cluster.awaitHealthy();
    boolean calm = Cluster.await(CALM_SECONDS, new Calm()::isCalm);
    prober.forget();
    Cluster.await("writes that flow", prober::isSteady);
    int leader = cluster.awaitHealthy();
    cluster.newLines();
    trace.forget();
    Strike strike = strike(fault, leader);
    if (fault.endsProcess()) {
      cluster.awaitEnd(leader);
    }
    long struckNanos = System.nanoTime();
    Cluster.await("writes that flow again", () -> hasRecovered(struckNanos));
    TrialResult result = result(fault, strike, calm);
    takeBack(fault, leader);
    return result;
  }

  private Strike strike(Fault fault, int leader) throws IOException {
    long pid = cluster.pid(leader);
    Strike strike = new Strike(leader, System.nanoTime(), LogLine.micros(Instant.now()));
    hands.perform(fault.strike(leader, pid));
    return strike;
  }

  /**
   * Writes that began after that moment flow. A stopped process may answer for a moment longer, and
   * one that was asked to end may lead until it has said goodbye to its clients: the gap is looked
   * for from the strike on.
   */
  private boolean hasRecovered(long struckNanos) {
    List<Ack> acks = prober.acks();
    long since = acks.stream().filter(ack -> ack.dueNanos() - struckNanos > 0).count();
    return since > RECOVERED_WRITES && prober.flows();
  }

  private TrialResult result(Fault fault, Strike strike, boolean calm) throws IOException {
    Gap gap = Gap.longest(prober.acks(), strike.nanos(), System.nanoTime());
    long longest =
        prober.acks().stream()
            .filter(ack -> ack.doneNanos() - strike.nanos() > 0)
            .mapToLong(ack -> ack.doneNanos() - ack.dueNanos())
            .max()
            .orElse(0);
    List<LogLine> lines = cluster.newLines();
    List<LogLine> others = lines.stream().filter(line -> line.node() != strike.leader()).toList();
    return new TrialResult(
        contender.name(),
        fault,
        Instant.now().toString(),
        strike.leader(),
        gap.nanos() / NANOS_PER_MILLI,
        (gap.endNanos() - strike.nanos()) / NANOS_PER_MILLI,
        longest / NANOS_PER_MILLI,
        prober.failed(),
        calm,
        Timeline.of(others, contender.words(), strike.micros()),
        story(lines, strike, gap));
  }

  /** What nodes and client said around the gap. */
  private List<String> story(List<LogLine> lines, Strike strike, Gap gap) {
    long from = Math.min(strike.micros(), strike.microsAt(gap.beginNanos())) - STORY_BEFORE_MICROS;
    long to = strike.microsAt(gap.endNanos()) + STORY_AFTER_MICROS;
    return Story.of(lines, trace.between(from, to), contender.words(), from, to, strike.micros());
  }

  private void takeBack(Fault fault, int leader) throws IOException {
    if (fault.endsProcess()) {
      cluster.restart(leader);
    } else {
      hands.perform(fault.undo(leader, cluster.pid(leader)));
    }
    cluster.awaitHealthy();
  }
}
