package raftkv.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import raftkv.raft.NodeId;

/**
 * Who the members are, as this node is told: its own id and port, and the list of peers, which may
 * contain the node itself.
 *
 * @param self this node
 * @param peers the other members and how to reach them
 * @param listedSelf how the list calls this node, or null if it does not
 */
record Membership(NodeId self, SortedMap<NodeId, HostPort> peers, @Nullable HostPort listedSelf) {

  /**
   * Reads the list: either only ports, whose numeric order gives the ids, or {@code id=host:port}
   * for each.
   */
  static Membership parse(int id, int port, List<String> list) {
    HostPort.checkPort(port);
    NodeId self = nodeId(Integer.toString(id));
    List<String> items = new ArrayList<>();
    for (String item : list) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    boolean bare = items.stream().allMatch(Membership::isBare);
    return bare ? byPorts(self, port, items) : byIds(self, port, items);
  }

  private static boolean isBare(String item) {
    return item.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Membership byPorts(NodeId self, int port, List<String> items) {
    TreeSet<Integer> ports = new TreeSet<>();
    for (String item : items) {
      int peerPort = HostPort.parsePort(item, item);
      if (!ports.add(peerPort)) {
        throw new UsageError("--peers names port " + peerPort + " twice");
      }
    }
    boolean listed = !ports.add(port);
    SortedMap<NodeId, HostPort> members = new TreeMap<>();
    for (int memberPort : ports) {
      NodeId member = nodeId(Integer.toString(members.size() + 1));
      members.put(member, new HostPort(HostPort.LOOPBACK, memberPort));
    }
    if (members.size() == 1) {
      // A cluster of one may have any number.
      return new Membership(self, new TreeMap<>(), null);
    }
    HostPort own = members.get(self);
    if (own == null || own.port() != port) {
      throw new UsageError(
          "--id "
              + self
              + " contradicts --port and --peers: bare ports get their ids in numeric order, so"
              + " port "
              + port
              + " is node "
              + ports.headSet(port, true).size()
              + " of "
              + ports);
    }
    members.remove(self);
    return new Membership(self, members, listed ? own : null);
  }

  private static Membership byIds(NodeId self, int port, List<String> items) {
    SortedMap<NodeId, HostPort> members = new TreeMap<>();
    TreeSet<String> addresses = new TreeSet<>();
    for (String item : items) {
      int equals = item.indexOf('=');
      if (equals <= 0) {
        throw new UsageError(
            "'"
                + item
                + "' in --peers has no id: as soon as one peer has a host, each is id=host:port");
      }
      NodeId member = nodeId(item.substring(0, equals).strip());
      HostPort address = HostPort.parse(item.substring(equals + 1).strip());
      if (members.put(member, address) != null) {
        throw new UsageError("--peers names node " + member + " twice");
      }
      if (!addresses.add(address.toString())) {
        throw new UsageError("--peers names " + address + " twice");
      }
    }
    HostPort own = members.remove(self);
    if (own != null && own.port() != port) {
      throw new UsageError(
          "--port " + port + " contradicts --peers, which says that node " + self + " is " + own);
    }
    return new Membership(self, members, own);
  }

  private static NodeId nodeId(String text) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 1 && id <= NodeId.MAX) {
        return new NodeId(id);
      }
    } catch (NumberFormatException notNumeric) {
      // The sentence below says what is expected.
    }
    throw new UsageError("'" + text + "' is no node id: ids are 1 to " + NodeId.MAX);
  }
}
