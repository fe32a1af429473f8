package raftkv.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import raftkv.bench.load.ClosedLoop;
import raftkv.bench.load.Kind;
import raftkv.bench.load.Limit;
import raftkv.bench.load.OpenLoop;
import raftkv.bench.load.Operations;
import raftkv.bench.load.Recorder;
import raftkv.bench.load.Sample;
import raftkv.bench.load.Workload;
import raftkv.bench.machine.Machine;
import raftkv.bench.machine.Speed;
import raftkv.bench.machine.Spent;
import raftkv.bench.target.Target;
import raftkv.bench.target.TargetFactory;
import raftkv.simulation.history.History;

/** One measurement, from the first connection to the verdict on the sample. */
final class Level {
  private static final long FORMATION_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long PROBE_GAP_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PROBE_SECONDS = 12;
  private static final int TAGS = 1 << 24;

  /** A level with one in flight would have compiled nothing when it begins. */
  private static final int WARM_UP_IN_FLIGHT = 64;

  private static final double WARM_UP_AS_MEASURED = 0.2;

  private final Options options;
  private final TargetFactory.Place place;
  private final List<Long> servers;
  private final String device;

  /** Why nothing was measured, so far. */
  private String silence = "nobody was asked";

  /**
   * What came of it.
   *
   * @param target what was measured, in words
   * @param machineSpeed meanwhile, as {@link Speed#perMicro()} tells it
   * @param verdict on the sample; null if none was taken
   */
  record Outcome(
      String target,
      Recorder.Result result,
      Spent spent,
      double machineSpeed,
      History.@Nullable Report verdict) {}

  Level(Options options, List<String> endpoints, List<Long> servers) {
    this.options = options;
    this.servers = servers;
    this.device = Machine.deviceOf(options.home);
    this.place =
        new TargetFactory.Place(
            endpoints, Math.max(options.inFlight, WARM_UP_IN_FLIGHT), options.connections);
  }

  /** Measures; null if no put is answered within a minute, or as soon as it is hopeless. */
  @Nullable Outcome run(BooleanSupplier hopeless) throws InterruptedException {
    try (Target target = connect(hopeless)) {
      return target == null ? null : measure(target);
    }
  }

  /** Why there is no outcome: what was wrong with the last attempt to reach the system. */
  String silence() {
    return silence;
  }

  private Outcome measure(Target target) throws InterruptedException {
    Workload workload =
        new Workload(
            options.kind,
            options.keys,
            options.keyBytes,
            options.valueBytes,
            ThreadLocalRandom.current().nextInt(TAGS));
    boolean judged = options.check && options.kind != Kind.STALE_GET;
    Sample sample = judged ? new Sample(target, workload) : null;
    try (Speed speed = Speed.watch()) {
      warmUp(new Operations(target, workload, null));
      Operations operations = new Operations(target, workload, sample);
      Spent.Look before = Spent.Look.now(servers, device);
      speed.forget();
      Recorder.Result result = load(operations);
      double machineSpeed = speed.perMicro();
      Spent spent = before.until(Spent.Look.now(servers, device));
      History.Report verdict = sample == null ? null : sample.judge();
      return new Outcome(target.describe(), result, spent, machineSpeed, verdict);
    }
  }

  private void warmUp(Operations operations) throws InterruptedException {
    if (options.warmUpSeconds > 0) {
      double busy = options.warmUpSeconds * (1 - WARM_UP_AS_MEASURED);
      ClosedLoop.run(operations, place.inFlight(), Limit.ofSeconds(busy));
      double asMeasured = options.warmUpSeconds * WARM_UP_AS_MEASURED;
      ClosedLoop.run(operations, options.inFlight, Limit.ofSeconds(asMeasured));
    } else if (options.warmUp > 0) {
      ClosedLoop.run(operations, options.inFlight, Limit.ofOperations(options.warmUp));
    }
  }

  private Recorder.Result load(Operations operations) throws InterruptedException {
    Limit limit =
        options.seconds > 0
            ? Limit.ofSeconds(options.seconds)
            : Limit.ofOperations(options.operations);
    return options.perSecond > 0
        ? OpenLoop.run(operations, options.perSecond, options.inFlight, limit)
        : ClosedLoop.run(operations, options.inFlight, limit);
  }

  /** Waits for the first put that is answered: nodes started a moment ago have to form first. */
  private @Nullable Target connect(BooleanSupplier hopeless) throws InterruptedException {
    TargetFactory factory = TargetFactory.of(options.target);
    long start = System.nanoTime();
    while (System.nanoTime() - start < FORMATION_NANOS && !hopeless.getAsBoolean()) {
      Target target = null;
      try {
        target = factory.connect(options.target, place);
        if (answers(target)) {
          return target;
        }
      } catch (IOException notYet) {
        silence = String.valueOf(notYet.getMessage());
      }
      if (target != null) {
        target.close();
      }
      LockSupport.parkNanos(PROBE_GAP_NANOS);
    }
    return null;
  }

  private boolean answers(Target target) throws InterruptedException {
    CompletableFuture<String> answered = new CompletableFuture<>();
    target.put(
        "bench-probe",
        new byte[1],
        (value, failure) -> answered.complete(failure == null ? "" : failure.words()));
    try {
      silence = answered.get(PROBE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException none) {
      silence = "a put was not answered within " + PROBE_SECONDS + " s";
    }
    return silence.isEmpty();
  }
}
