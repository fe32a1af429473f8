package raftkv.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import raftkv.kv.KvStateMachine;
import raftkv.port.StateHash;

/** The state hash of 10,000 keys, from nothing; an entry costs a ten-thousandth of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StateHashBenchmark {
  private static final int KEYS = 10_000;

  private final KvStateMachine machine = Puts.machine();

  /** Fills it. */
  @Setup
  public void fill() {
    for (long index = 2; index <= KEYS + 1; index++) {
      machine.apply(Puts.entry(index, Puts.put(index, index)));
    }
  }

  /** All of it anew. */
  @Benchmark
  public StateHash recompute() {
    return machine.recomputeHash();
  }

  /** What is kept at each entry. */
  @Benchmark
  public StateHash incremental() {
    return machine.hash();
  }
}
