package raftkv.simulation;

import java.util.function.Consumer;
import raftkv.simulation.check.Tally;

/**
 * Finds out what a failing seed needs to fail: fewer faults, fewer kinds of them, fewer clients.
 * Whatever is left out changes what follows, so any failure will do.
 */
final class Shrinker {
  private static final int MOST_CLIENTS = 8;

  private final long seed;
  private final Consumer<String> progress;
  private Limits limits = Limits.NONE;
  private RunResult failure;

  Shrinker(RunResult failure, Consumer<String> progress) {
    this.seed = failure.seed();
    this.failure = failure;
    this.progress = progress;
  }

  /** The smallest failing run that was found. */
  RunResult shrink() {
    fewerFaults();
    for (Tally.Kind kind : Tally.Kind.values()) {
      if (failure.tally().of(kind) > 0 && kind.isFault()) {
        attempt(limits.without(kind));
      }
    }
    fewerFaults();
    for (int clients = 1; clients < MOST_CLIENTS; clients++) {
      if (clients < limits.clients() && attempt(limits.withClients(clients))) {
        break;
      }
    }
    return failure;
  }

  /** Halves the number as long as that fails, then creeps down. */
  private void fewerFaults() {
    long step = failure.faults() / 2;
    while (step > 0) {
      if (!attempt(limits.withFaults(failure.faults() - step))) {
        step /= 2;
      }
      step = Math.min(step, failure.faults());
    }
  }

  private boolean attempt(Limits smaller) {
    RunResult result = new SimWorld(seed, smaller, null).run();
    if (result.isGood()) {
      return false;
    }
    failure = result;
    limits = smaller;
    progress.accept("still fails:" + limits + ": " + result.failure());
    return true;
  }

  /** What is left out of the seed. */
  Limits limits() {
    return limits;
  }
}
