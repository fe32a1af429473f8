package raftkv.e2e.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the built programs are, and which ports are free. */
public final class Installation {
  /**
   * Below the ports that the kernel gives to outgoing connections: a client that dials such a port
   * on its own machine while the node is down can connect to itself, or another program takes it.
   */
  private static final int FIRST_PORT = 11_000;

  private static final int LAST_PORT = 31_000;

  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (FIRST_PORT + ProcessHandle.current().pid() * 37 % 20_000));

  private Installation() {}

  /** The root of the source tree. */
  public static Path home() {
    Path start = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    for (Path home = start; home != null; home = home.getParent()) {
      if (Files.isExecutable(home.resolve("bin/kv-server"))) {
        return home;
      }
    }
    throw new IllegalStateException("no bin/kv-server above " + start);
  }

  /** A launcher in bin, whose jar has been built. */
  public static Path launcher(String name) {
    Path jar = home().resolve(name).resolve("target").resolve(name + ".jar");
    if (!Files.isReadable(jar)) {
      throw new IllegalStateException(jar + " is missing: these tests run in mvn verify");
    }
    return home().resolve("bin").resolve(name);
  }

  /** Ports on which nobody listens, in rising order. */
  public static List<Integer> freePorts(int count) {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      int port = NEXT_PORT.getAndUpdate(last -> last >= LAST_PORT - 1 ? FIRST_PORT : last + 1);
      if (isFree(port)) {
        ports.add(port);
      }
    }
    ports.sort(null);
    return List.copyOf(ports);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
