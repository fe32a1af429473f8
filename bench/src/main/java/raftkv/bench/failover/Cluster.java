package raftkv.bench.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import raftkv.bench.machine.Directories;

/** The processes of one contender, with fresh data, and what they say. */
final class Cluster implements AutoCloseable {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long HEALTHY_SECONDS = 60;

  private final Contender contender;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  private final List<LogTail> logs = new ArrayList<>();

  private Cluster(Contender contender, Path directory) {
    this.contender = contender;
    this.directory = directory;
  }

  static Cluster start(Contender contender, Path parent) throws IOException {
    Files.createDirectories(parent);
    Cluster cluster = new Cluster(contender, Files.createTempDirectory(parent, contender.name()));
    for (int id = 1; id <= contender.nodes(); id++) {
      cluster.processes.add(cluster.run(id));
      cluster.logs.add(new LogTail(cluster.log(id)));
    }
    return cluster;
  }

  private Process run(int id) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(contender.command(id, directory.resolve("node" + id)));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(id).toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start();
  }

  private Path log(int id) {
    return directory.resolve("node" + id + ".log");
  }

  long pid(int id) {
    return processes.get(id - 1).pid();
  }

  /** Waits until the process of a node has ended. */
  void awaitEnd(int id) throws IOException {
    Process process = processes.get(id - 1);
    await("the end of node " + id + " of " + contender.name(), () -> !process.isAlive());
  }

  /** Starts a node again whose process has ended. */
  void restart(int id) throws IOException {
    processes.set(id - 1, run(id));
  }

  /** Waits until all nodes are well, and says who leads. */
  int awaitHealthy() throws IOException {
    int[] leader = {0};
    await(
        "a healthy cluster of " + contender.name(),
        () -> {
          leader[0] = contender.healthyLeader();
          return leader[0] != 0;
        });
    return leader[0];
  }

  /** Polls, since nobody tells us by himself. */
  static void await(String what, BooleanSupplier condition) throws IOException {
    if (!await(HEALTHY_SECONDS, condition)) {
      throw new IOException("waited in vain for " + what);
    }
  }

  /** The same for so many seconds at most; returns whether it came true. */
  static boolean await(long seconds, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** Lines that were written since the last call. */
  List<LogLine> newLines() throws IOException {
    List<LogLine> lines = new ArrayList<>();
    for (int id = 1; id <= contender.nodes(); id++) {
      lines.addAll(LogLine.parse(id, logs.get(id - 1).newLines(), contender.words()));
    }
    return lines;
  }

  /** Ends all of them and removes what they wrote. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      process.onExit().join();
    }
    Directories.remove(directory);
  }
}
