package raftkv.bench.micro;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import raftkv.kv.KvEntry;
import raftkv.kv.KvStateMachine;
import raftkv.raft.Bytes;

/** The state machine with its tree, sessions and incremental hash. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreBenchmark {
  private static final long STRIDE = 7_919;

  /** Keys that it holds. */
  @Param({"100000", "1000000"})
  public int keys;

  private final KvStateMachine machine = Puts.machine();
  private long index = 1;
  private long turn;

  /** Fills it. */
  @Setup
  public void fill() {
    for (long key = 0; key < keys; key++) {
      applyPut(key);
    }
  }

  /** A put of a key that is there, with the making of its bytes, which are no part of applying. */
  @Benchmark
  public Bytes put() {
    return applyPut(nextKey());
  }

  /** The same behind a capture: pages that are shared are copied. */
  @Benchmark
  public Bytes putAfterCapture(Blackhole hole) {
    hole.consume(machine.capture());
    return applyPut(nextKey());
  }

  /** A read of one key. */
  @Benchmark
  public @Nullable KvEntry get() {
    return machine.get(Puts.key(nextKey()));
  }

  private Bytes applyPut(long key) {
    index++;
    return machine.apply(Puts.entry(index, Puts.put(key, index)));
  }

  private long nextKey() {
    turn += STRIDE;
    return turn % keys;
  }
}
