package raftkv.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ratio that this system is held to.
 *
 * @param what in words
 * @param field which figure is compared
 * @param ours the target of this system
 * @param theirs the peer's
 * @param operation of both
 * @param inFlight of both; {@link #BEST} for the best rate that each has anywhere
 * @param bounds what is required, and what is aimed at
 */
record Goal(
    String what,
    String field,
    String ours,
    String theirs,
    String operation,
    int inFlight,
    Bounds bounds) {
  static final int BEST = 0;

  private static final String RATE = "per_second";
  private static final String CPU = "server_cpu_s_per_10k";

  /** Below or above which a ratio has to be: rates at least, latencies and costs at most. */
  record Bounds(double required, double aim) {
    boolean isReached(double ratio, double bound) {
      return aim > 1 ? ratio >= bound : ratio <= bound;
    }

    String words(double bound) {
      return (aim > 1 ? "at least " : "at most ") + Numbers.ratio(bound);
    }
  }

  /** All that are measured by a comparison, in the order of the table. */
  static List<Goal> all() {
    List<Goal> goals = new ArrayList<>();
    goals.add(rate("raftkv", "etcd", "put", 1, new Bounds(1.7, 2.5)));
    for (int inFlight : new int[] {64, 256, 1_024}) {
      goals.add(rate("raftkv", "etcd", "put", inFlight, new Bounds(2.5, 4)));
      goals.add(latency("raftkv", "etcd", "put", inFlight, new Bounds(0.5, 1.0 / 3)));
    }
    goals.add(rate("raftkv-pipeline", "etcd", "put", BEST, new Bounds(5, 8)));
    goals.add(rate("raftkv", "etcd", "get", 256, new Bounds(1.5, 2)));
    goals.add(
        new Goal("get p50, 1 in flight", "p50_us", "raftkv", "etcd", "get", 1, new Bounds(1, 0.7)));
    goals.add(cpu("etcd", "put", new Bounds(0.5, 0.25)));
    for (int inFlight : new int[] {1, 64, 256, 1_024}) {
      goals.add(rate("raftkv", "zookeeper", "put", inFlight, new Bounds(1, 3)));
    }
    for (int inFlight : new int[] {1, 256}) {
      goals.add(rate("raftkv", "zookeeper", "get", inFlight, new Bounds(1, 3)));
    }
    goals.add(cpu("zookeeper", "put", new Bounds(1, 1.0 / 3)));
    goals.add(cpu("zookeeper", "get", new Bounds(1, 1.0 / 3)));
    for (String operation : List.of("put", "get")) {
      goals.add(rate("raftkv-pipeline", "rheakv", operation, BEST, new Bounds(1, 2)));
      goals.add(latency("raftkv-pipeline", "rheakv", operation, 256, new Bounds(1, 0.5)));
    }
    goals.add(latency("raftkv-pipeline", "rheakv", "put", 1_024, new Bounds(1, 0.5)));
    for (int inFlight : new int[] {64, 256, 1_024}) {
      goals.add(rate("raftkv", "rheakv-unbatched", "put", inFlight, new Bounds(2, 3)));
    }
    return goals;
  }

  private static Goal rate(
      String ours, String theirs, String operation, int inFlight, Bounds bounds) {
    String where = inFlight == BEST ? "best of all" : inFlight + " in flight";
    return new Goal(operation + "/s, " + where, RATE, ours, theirs, operation, inFlight, bounds);
  }

  private static Goal latency(
      String ours, String theirs, String operation, int inFlight, Bounds bounds) {
    return new Goal(
        operation + " p99, " + inFlight + " in flight",
        "p99_us",
        ours,
        theirs,
        operation,
        inFlight,
        bounds);
  }

  private static Goal cpu(String theirs, String operation, Bounds bounds) {
    return new Goal(
        "server CPU per 10,000 " + operation + "s, 256 in flight",
        CPU,
        "raftkv",
        theirs,
        operation,
        256,
        bounds);
  }

  /** What was found; null if it was not measured. */
  @Nullable Ratio found(Results results) {
    return Ratio.of(results, cellOf(results, ours), cellOf(results, theirs), field);
  }

  private @Nullable Cell cellOf(Results results, String target) {
    return inFlight == BEST
        ? results.best(target, operation)
        : Cell.closed(target, operation, inFlight);
  }

  /** In one word. */
  String verdict(double ratio) {
    if (bounds.isReached(ratio, bounds.aim)) {
      return "aim";
    }
    return bounds.isReached(ratio, bounds.required) ? "required" : "**missed**";
  }
}
