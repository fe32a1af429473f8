package raftkv.bench.failover;

import java.util.ArrayList;
import java.util.List;

/** Where nodes live: addresses and namespaces as {@code bench/failover.sh} lays them. */
final class Layout {
  static final int CLIENT_PORT = 9_001;
  static final int PEER_PORT = 9_101;

  private Layout() {}

  static String host(int id) {
    return "10.77.0." + id;
  }

  static String client(int id) {
    return host(id) + ":" + CLIENT_PORT;
  }

  static String peer(int id) {
    return host(id) + ":" + PEER_PORT;
  }

  /** Clients' addresses of nodes 1 to that number. */
  static List<String> clients(int nodes) {
    List<String> endpoints = new ArrayList<>();
    for (int id = 1; id <= nodes; id++) {
      endpoints.add(client(id));
    }
    return endpoints;
  }

  /** What runs a program on the node's own machine. */
  static List<String> onMachineOf(int id) {
    return List.of("ip", "netns", "exec", "node" + id);
  }
}
