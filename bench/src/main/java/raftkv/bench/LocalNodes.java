package raftkv.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import raftkv.bench.machine.Directories;

/** Three nodes on this machine with fresh directories, for the time of one measurement. */
final class LocalNodes implements AutoCloseable {
  private static final int NODES = 3;
  private static final int FIRST_PORT = 9_101;
  private static final int LAST_PORT = 9_999;
  private static final long STOP_SECONDS = 5;

  private final Path directory;
  private final List<Integer> ports;
  private final List<Process> processes = new ArrayList<>();

  private LocalNodes(Path directory, List<Integer> ports) {
    this.directory = directory;
    this.ports = ports;
  }

  /**
   * Starts them and returns at once.
   *
   * @param home the source tree with {@code bin/kv-server}
   * @param parent where a directory for the data is made, and removed at the end
   */
  static LocalNodes start(Path home, Path parent) throws IOException {
    Files.createDirectories(parent);
    LocalNodes nodes = new LocalNodes(Files.createTempDirectory(parent, "bench"), freePorts());
    try {
      for (int id = 1; id <= NODES; id++) {
        nodes.startOne(home, id);
      }
      return nodes;
    } catch (IOException | RuntimeException failed) {
      nodes.close();
      throw failed;
    }
  }

  private void startOne(Path home, int id) throws IOException {
    int port = ports.get(id - 1);
    String peers =
        ports.stream()
            .filter(other -> other != port)
            .map(String::valueOf)
            .collect(Collectors.joining(","));
    ProcessBuilder builder =
        new ProcessBuilder(
            home.resolve("bin/kv-server").toString(),
            "--id",
            Integer.toString(id),
            "--port",
            Integer.toString(port),
            "--peers",
            peers,
            "--data-dir",
            directory.resolve("node" + id).toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("node" + id + ".out").toFile());
    processes.add(builder.start());
  }

  private static List<Integer> freePorts() throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int port = FIRST_PORT; port <= LAST_PORT && ports.size() < NODES; port++) {
      if (isFree(port)) {
        ports.add(port);
      }
    }
    if (ports.size() < NODES) {
      throw new IOException("no free ports from " + FIRST_PORT + " to " + LAST_PORT);
    }
    return ports;
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  List<String> endpoints() {
    return ports.stream().map(port -> "localhost:" + port).toList();
  }

  List<Long> pids() {
    return processes.stream().map(Process::pid).toList();
  }

  /** Where each node keeps its data. */
  List<Path> directories() {
    List<Path> directories = new ArrayList<>();
    for (int id = 1; id <= NODES; id++) {
      directories.add(directory.resolve("node" + id));
    }
    return directories;
  }

  /** Where the data is written. */
  Path directory() {
    return directory;
  }

  /** Whether one has ended although nobody asked it to. */
  boolean isAnyGone() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  /** Stops them and removes what they wrote; again, it does nothing. */
  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      if (!endsInTime(process)) {
        process.destroyForcibly().onExit().join();
      }
    }
    Directories.remove(directory);
  }

  private static boolean endsInTime(Process process) {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
