package raftkv.node;

import static raftkv.node.VirtualTime.MILLI;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;

/** Three nodes over the production log, each on a disk in memory, in one thread. */
final class DiskCluster {
  final VirtualTime time = new VirtualTime();
  final MemoryNetwork network = new MemoryNetwork(time);
  private final List<DiskNode> nodes = new ArrayList<>();
  private final List<NodeId> members = List.of(new NodeId(1), new NodeId(2), new NodeId(3));

  /** For the nodes' randomness: their identities, and when they campaign. */
  final long seed;

  DiskCluster(long seed) {
    this.seed = seed;
    members.forEach(member -> nodes.add(new DiskNode(this, member)));
  }

  RaftConfig configOf(NodeId self) {
    return RaftConfig.of(self, members, new EntryCodec(), Bytes.EMPTY);
  }

  List<DiskNode> nodes() {
    return nodes;
  }

  DiskNode node(int id) {
    return nodes.get(id - 1);
  }

  void startAll() {
    nodes.forEach(DiskNode::start);
  }

  boolean passUntil(BooleanSupplier holds, long millis) {
    for (long passed = 0; passed < millis; passed += 5) {
      if (holds.getAsBoolean()) {
        return true;
      }
      time.pass(5 * MILLI);
    }
    return holds.getAsBoolean();
  }

  /** Whether somebody takes a write within that time, and it is committed. */
  boolean serves(String command, long millis) {
    return passUntil(() -> nodes.stream().anyMatch(node -> node.isLeading()), millis)
        && nodes.stream()
            .filter(DiskNode::isLeading)
            .findFirst()
            .map(node -> node.writes(command))
            .orElse(false);
  }
}
