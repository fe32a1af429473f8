package raftkv.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import raftkv.config.OptionParser;
import raftkv.config.ServerConfig;
import raftkv.node.NodeFailure;
import raftkv.port.ExitCode;
import raftkv.runtime.ProcessEnd;
import raftkv.runtime.ThreadWorker;
import raftkv.service.RehearsalCalls;

/**
 * Plays the life of a cluster once, three nodes in this process over the loopback: start, election,
 * every call, a leader that hands over and ends, its return. A virtual machine started with {@code
 * -XX:DumpLoadedClassList} then notes each class that a node needs. Run when the program is built,
 * and when an image is made; of no use to users.
 *
 * <pre>
 * java -Xshare:off -XX:DumpLoadedClassList=CLASSES -cp kv-server.jar raftkv.server.Rehearsal
 * java -Xshare:dump -XX:SharedClassListFile=CLASSES -XX:SharedArchiveFile=kv-server-BUILD.jsa -cp kv-server.jar
 * </pre>
 */
public final class Rehearsal {
  private static final int NODES = 3;

  private final Path directory;
  private final List<Integer> ports = new ArrayList<>();
  private final Map<Integer, Server> running = new TreeMap<>();

  private Rehearsal(Path directory) {
    this.directory = directory;
  }

  /** Plays; exits with 0 if everything went as it should. */
  public static void main(String[] args) throws IOException {
    Main.prepare();
    Path directory = Files.createTempDirectory("kv-rehearsal");
    int code = ExitCode.CLEAN.code();
    try {
      new Rehearsal(directory).play();
    } catch (RuntimeException failure) {
      System.err.println("the rehearsal failed: " + failure);
      code = ExitCode.INVARIANT.code();
    }
    LogSetup.flush();
    remove(directory);
    System.exit(code);
  }

  private void play() throws IOException {
    choosePorts();
    LogSetup logs = new LogSetup("info", ServerConfig.LogTarget.FILE);
    logs.toConsole();
    logs.toDirectory(directory);
    for (int id = 1; id <= NODES; id++) {
      start(id);
    }
    for (int id = 1; id <= NODES; id++) {
      try (RehearsalCalls calls = new RehearsalCalls(ports.get(id - 1))) {
        calls.all();
      }
    }
    int leader = leaderBy(1);
    stopUnderLoad(leader);
    leaderBy(leader % NODES + 1);
    start(leader);
    leaderBy(leader);
    running.values().forEach(Server::stop);
  }

  private void start(int id) {
    running.put(
        id, Server.start(config(id), new Server.Surroundings("", id, Rehearsal::fail), () -> {}));
  }

  /** Writes come to all nodes meanwhile: they are refused, passed on, and refused by the other. */
  private void stopUnderLoad(int leader) {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    List<ThreadWorker> clients = new ArrayList<>();
    for (int port : ports) {
      RehearsalCalls calls = new RehearsalCalls(port);
      calls.writesAndReads();
      ThreadWorker client = ThreadWorker.start("rehearsal-client", Rehearsal::fail);
      client.execute(
          () -> {
            refused.addAndGet(calls.writeUntil(over::get));
            calls.close();
          });
      clients.add(client);
    }
    Objects.requireNonNull(running.remove(leader), "the leader runs").stop();
    over.set(true);
    clients.forEach(ThreadWorker::close);
    if (refused.get() == 0) {
      throw new IllegalStateException("a stopping leader refused nothing");
    }
  }

  private static void fail(String threadName, Throwable failure) {
    System.err.println("the rehearsal failed: " + threadName + " ended by " + failure);
    ProcessEnd.halt(ExitCode.INVARIANT.code());
  }

  private static void fail(NodeFailure failure) {
    System.err.println("the rehearsal failed: " + failure.sentence());
    ProcessEnd.halt(failure.exitCode().code());
  }

  private ServerConfig config(int id) {
    String[] options = {
      "--id", Integer.toString(id),
      "--port", ports.get(id - 1).toString(),
      "--peers", String.join(",", ports.stream().map(Object::toString).toList()),
      "--data-dir", directory.resolve("node" + id).toString(),
      // Nothing is compiled or shared here: no time to lose leaders.
      "--election-timeout-min-ms", "1000",
      "--election-timeout-max-ms", "2000",
    };
    return ((OptionParser.Serve) OptionParser.parse(options, Map.of(), "")).config();
  }

  /** Writes and reads at a node; returns who leads. */
  private int leaderBy(int id) {
    try (RehearsalCalls calls = new RehearsalCalls(ports.get(id - 1))) {
      return calls.writesAndReads();
    }
  }

  /** Members are numbered in the order of their ports. */
  private void choosePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (ServerSocket socket : sockets) {
      ports.add(socket.getLocalPort());
      socket.close();
    }
    ports.sort(null);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
