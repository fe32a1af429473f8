package raftkv.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import raftkv.kv.CommandCodec;
import raftkv.kv.KvCommand;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.LogEntry;

/** A command's bytes and an entry's, made and read; once per put, and once per put and replica. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  private final KvCommand.Put put = Puts.put(42, 7);
  private final Bytes command = CommandCodec.encode(put);
  private final LogEntry entry = Puts.entry(1_000, put);

  /** The body of an entry. */
  @Benchmark
  public Bytes encodeCommand() {
    return CommandCodec.encode(put);
  }

  /** What the applier does first. */
  @Benchmark
  public KvCommand decodeCommand() {
    return CommandCodec.decode(command);
  }

  /** With its checksum: the bytes for disk and network. */
  @Benchmark
  public LogEntry encodeEntry() {
    return Puts.entry(1_000, put);
  }

  /** What a receiver does. */
  @Benchmark
  public LogEntry decodeEntry() {
    return EntryCodec.decode(entry.encoded());
  }

  /** The checksum again, before it is applied. */
  @Benchmark
  public boolean checkEntry() {
    return EntryCodec.isIntact(entry);
  }
}
