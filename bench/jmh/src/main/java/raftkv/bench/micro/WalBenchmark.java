package raftkv.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import raftkv.port.LogStore;
import raftkv.port.StorageFailure;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.NodeId;
import raftkv.raft.Write;
import raftkv.runtime.ThreadWorker;
import raftkv.storage.disk.DataDirectory;
import raftkv.storage.disk.FileDisk;
import raftkv.storage.wal.LogRecovery;
import raftkv.storage.wal.SegmentedWal;
import raftkv.storage.wal.WalConfig;
import raftkv.storage.wal.WalTimer;

/**
 * The log on a real disk, below the directory {@code java.io.tmpdir}: from giving a group of
 * entries until it is forced.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WalBenchmark {
  private static final long COMPACT_EVERY = 65_536;

  /** Entries of one group. */
  @Param({"1", "64"})
  public int entries;

  private final Semaphore forced = new Semaphore(0);
  private final HardState hardState = new HardState(1, null, new Incarnation(1, 1), true);
  private final ThreadWorker diskWorker =
      ThreadWorker.start("disk", (thread, failure) -> ended(failure));
  private final ThreadWorker fileWorker =
      ThreadWorker.start("file", (thread, failure) -> ended(failure));
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Path directory = Path.of("");
  private @Nullable SegmentedWal open;
  private long index;
  private long ticket;

  /** Why nothing more will be forced; set by a worker's thread, read by the benchmark's. */
  private volatile @Nullable Throwable failure;

  /** Lets the benchmark end, which would wait for ever. */
  private void ended(Throwable why) {
    failure = why;
    forced.release();
  }

  /** Opens a fresh log. */
  @Setup
  public void begin() throws IOException {
    directory = Files.createTempDirectory("jmh-wal");
    DataDirectory data =
        DataDirectory.open(FileDisk.open(directory), new NodeId(1), System.err::println);
    open =
        LogRecovery.recover(data, WalConfig.DEFAULT, System.err::println)
            .start(
                new SegmentedWal.Surroundings(
                    diskWorker, fileWorker, new Timer(), System.err::println),
                new Listener());
  }

  /** One write, and its force. */
  @Benchmark
  public long append() throws InterruptedException {
    List<LogEntry> group = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      index++;
      group.add(Puts.entry(index, Puts.put(index, index)));
    }
    ticket++;
    SegmentedWal log = Objects.requireNonNull(open);
    log.append(new Write(ticket, hardState, null, 0, group, Math.max(0, index - entries)));
    forced.acquire();
    if (failure != null) {
      throw new IllegalStateException("the log failed", failure);
    }
    if (index / COMPACT_EVERY != (index - entries) / COMPACT_EVERY) {
      log.compact(index - entries);
    }
    return index;
  }

  /** Closes it and removes it. */
  @TearDown
  public void end() throws IOException {
    Objects.requireNonNull(open).close();
    diskWorker.close();
    fileWorker.close();
    timer.shutdownNow();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private final class Listener implements LogStore.Listener {
    @Override
    public void persisted(long upTo) {
      forced.release();
    }

    @Override
    public void failed(StorageFailure why) {
      ended(why);
    }
  }

  private final class Timer implements WalTimer {
    @Override
    public long nowNanos() {
      return System.nanoTime();
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
      var unused = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }
  }
}
