package raftkv.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.simulation.check.Tally;

/**
 * What became of a seed.
 *
 * @param failure which checker saw what; null if all is well
 * @param lastLines of the trace
 * @param traceHash equal for equal runs
 */
public record RunResult(
    long seed,
    @Nullable String failure,
    List<String> lastLines,
    long traceHash,
    long virtualNanos,
    long operations,
    long unknownOperations,
    long faults,
    long events,
    Tally tally) {
  /** Whether nothing was wrong. */
  public boolean isGood() {
    return failure == null;
  }
}
