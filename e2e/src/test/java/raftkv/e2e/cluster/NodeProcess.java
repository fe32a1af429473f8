package raftkv.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node of a cluster, over any number of runs on the same directory. Owned by one thread. */
public final class NodeProcess {
  private static final long END_SECONDS = 20;
  private static final String HEAP = "192m";

  private final int id;
  private final List<Integer> ports;
  private final Path directory;
  private final List<String> moreOptions;
  private @Nullable Process process;
  private int runs;

  /**
   * A node that was never started.
   *
   * @param ports of all members, in rising order: node n has the n-th
   * @param directory gets the data directory {@code node<id>} and the console output of each run
   */
  NodeProcess(int id, List<Integer> ports, Path directory, List<String> moreOptions) {
    this.id = id;
    this.ports = ports;
    this.directory = directory;
    this.moreOptions = moreOptions;
  }

  /** Its number. */
  public int id() {
    return id;
  }

  /** Its port. */
  public int port() {
    return ports.get(id - 1);
  }

  /** Its address for clients. */
  public String endpoint() {
    return "localhost:" + port();
  }

  /** Its data directory. */
  public Path dataDirectory() {
    return directory.resolve("node" + id);
  }

  /** The command that starts it. */
  public List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Installation.launcher("kv-server").toString());
    command.addAll(List.of("--id", Integer.toString(id), "--port", Integer.toString(port())));
    if (ports.size() > 1) {
      command.add("--peers");
      command.add(
          ports.stream()
              .filter(port -> port != port())
              .map(String::valueOf)
              .collect(Collectors.joining(",")));
    }
    command.addAll(List.of("--data-dir", dataDirectory().toString()));
    command.addAll(moreOptions);
    return command;
  }

  /** Starts it and returns at once. */
  public void start() {
    startWithHeap(System.getenv().getOrDefault("KV_HEAP", HEAP));
  }

  /** The same with a heap of that size, such as {@code 64m}. */
  public void startWithHeap(String heap) {
    if (isRunning()) {
      throw new IllegalStateException("node " + id + " runs already");
    }
    runs++;
    ProcessBuilder builder = new ProcessBuilder(command()).directory(directory.toFile());
    builder.environment().put("KV_HEAP", heap);
    builder.redirectErrorStream(true).redirectOutput(consoleFile().toFile());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its process is there, paused or not. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() {
    running().destroyForcibly();
    exitCode();
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    running().destroy();
  }

  /**
   * SIGSTOP: it keeps its connections and says nothing. Returns when all its threads are stopped:
   * the signal stops them only when one of them takes it, and on a busy machine the others may
   * still answer a request until then.
   */
  public void pause() {
    signal("STOP");
    await(this + " stopped").atMost(Duration.ofSeconds(END_SECONDS)).until(this::isStopped);
  }

  private boolean isStopped() throws IOException {
    Path tasks = Path.of("/proc", Long.toString(running().pid()), "task");
    try (Stream<Path> threads = Files.list(tasks)) {
      return threads.allMatch(thread -> lines(thread.resolve("stat")).get(0).contains(") T "));
    }
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  /** Waits for its end and returns the code. */
  public int exitCode() {
    Process ending = running();
    try {
      if (ending.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return ending.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("node " + id + " has not ended within " + END_SECONDS + " s");
  }

  /** Its log over all runs; empty before the first line. */
  public List<String> log() {
    return lines(dataDirectory().resolve("node.log"));
  }

  /** Its disk is gone: deletes the data directory of a node that does not run. */
  public void wipe() {
    if (isRunning()) {
      throw new IllegalStateException("node " + id + " runs");
    }
    try (Stream<Path> files = Files.walk(dataDirectory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the last run has written to the console. */
  public List<String> console() {
    return lines(consoleFile());
  }

  /** Whether the newest change of role in its log made it leader. */
  public boolean saysLastThatItLeads() {
    String last = "";
    for (String line : log()) {
      boolean tellsRole =
          line.contains("elected leader for term")
              || line.contains("stepping down")
              || line.contains("following leader")
              || line.contains("starting pre-vote")
              || line.contains("became candidate");
      last = tellsRole ? line : last;
    }
    return last.contains("elected leader for term");
  }

  /** Ends it whatever its state; for the end of a test. */
  void dispose() {
    if (isRunning()) {
      kill();
    }
  }

  private Path consoleFile() {
    return directory.resolve("node" + id + "-run" + runs + ".out");
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("node " + id + " was never started");
    }
    return process;
  }

  private void signal(String name) {
    String pid = Long.toString(running().pid());
    try {
      int code = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
      if (code != 0) {
        throw new AssertionError("no SIG" + name + " to node " + id + ": kill ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "node " + id;
  }
}
