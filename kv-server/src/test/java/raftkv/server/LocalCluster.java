package raftkv.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import raftkv.config.OptionParser;
import raftkv.config.ServerConfig;
import raftkv.node.NodeFailure;

/**
 * Whole servers in this process, over real sockets and files. Times are longer than the defaults,
 * so that a busy machine does not elect all the time.
 */
final class LocalCluster implements AutoCloseable {
  final BlockingQueue<NodeFailure> failures = new LinkedBlockingQueue<>();
  final List<Integer> ports;

  private final Path directory;
  private final TreeMap<Integer, Server> running = new TreeMap<>();
  private final TreeMap<Integer, ReflectionClient> clients = new TreeMap<>();
  private long seed = 1;

  LocalCluster(Path directory, int size) {
    this.directory = directory;
    this.ports = freePorts(size);
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ports.sort(null);
    return ports;
  }

  /** Starts all nodes. */
  LocalCluster start() {
    for (int id = 1; id <= ports.size(); id++) {
      start(id);
    }
    return this;
  }

  /** Starts one node, on its own directory. */
  void start(int id, String... options) {
    running.put(id, Server.start(config(id, options), around(), () -> {}));
  }

  ServerConfig config(int id, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--id", "" + id, "--port", "" + ports.get(id - 1)));
    if (ports.size() > 1) {
      arguments.add("--peers");
      arguments.add(String.join(",", ports.stream().map(String::valueOf).toList()));
    }
    arguments.addAll(List.of("--data-dir", directory.resolve("node" + id).toString()));
    arguments.addAll(List.of("--election-timeout-min-ms", "600"));
    arguments.addAll(List.of("--election-timeout-max-ms", "1200", "--heartbeat-ms", "100"));
    arguments.addAll(List.of(options));
    OptionParser.Request request =
        OptionParser.parse(arguments.toArray(new String[0]), Map.of(), "test");
    return ((OptionParser.Serve) request).config();
  }

  Server.Surroundings around() {
    return new Server.Surroundings("test", seed++, failures::add);
  }

  /** Stops one node in order. */
  void stop(int id) {
    Server server = running.remove(id);
    if (server != null) {
      server.stop();
    }
  }

  /** A client of that node alone. */
  ReflectionClient client(int id) {
    return clients.computeIfAbsent(id, node -> new ReflectionClient(ports.get(node - 1)));
  }

  @Override
  public void close() {
    clients.values().forEach(ReflectionClient::close);
    List.copyOf(running.keySet()).forEach(this::stop);
  }
}
