package raftkv.node;

import static raftkv.node.VirtualTime.MILLI;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import raftkv.port.EntryCodec;
import raftkv.port.StateMachine;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;

/** A whole cluster in one thread, over virtual time. */
final class MemoryCluster {
  final VirtualTime time = new VirtualTime();
  final MemoryNetwork network = new MemoryNetwork(time);
  final long seed;
  UnaryOperator<NodeConfig> tuning = UnaryOperator.identity();

  /** What a node that starts is given to drive. */
  Function<ClusterNode, StateMachine> machines = node -> node.machine;

  Bytes limits = Bytes.EMPTY;

  /** Log kept behind a snapshot. */
  long retainedLogBytes = 32L << 20;

  private final List<ClusterNode> nodes = new ArrayList<>();
  private final List<NodeId> members = new ArrayList<>();

  MemoryCluster(int size, long seed) {
    this.seed = seed;
    for (int i = 1; i <= size; i++) {
      members.add(new NodeId(i));
    }
    members.forEach(member -> nodes.add(new ClusterNode(this, member)));
  }

  /** A cluster that is formed and has a leader. */
  static MemoryCluster formed(int size, long seed) {
    MemoryCluster cluster = new MemoryCluster(size, seed);
    cluster.startAll();
    cluster.awaitLeader();
    return cluster;
  }

  RaftConfig configOf(NodeId self) {
    RaftConfig of = RaftConfig.of(self, members, new EntryCodec(), limits);
    return new RaftConfig(
        self,
        members,
        of.format(),
        of.limits(),
        of.elections(),
        of.flow(),
        retainedLogBytes,
        100 * MILLI,
        true);
  }

  void startAll() {
    nodes.forEach(ClusterNode::start);
  }

  ClusterNode node(int id) {
    return nodes.get(id - 1);
  }

  List<ClusterNode> running() {
    return nodes.stream().filter(ClusterNode::isUp).toList();
  }

  /** Who serves as leader now, with the highest term; null if nobody does. */
  @Nullable ClusterNode leader() {
    ClusterNode leader = null;
    long term = 0;
    for (ClusterNode node : running()) {
      NodeStatus status = node.status();
      if (node.id.equals(status.raft().leader()) && status.raft().term() > term) {
        leader = node;
        term = status.raft().term();
      }
    }
    return leader;
  }

  ClusterNode awaitLeader() {
    await("a leader", () -> leader() != null && leader().status().condition().isEmpty());
    return leaderNow();
  }

  ClusterNode leaderNow() {
    ClusterNode leader = leader();
    if (leader == null) {
      throw new IllegalStateException("nobody leads");
    }
    return leader;
  }

  /** Waits until another node than that one leads. */
  ClusterNode awaitLeaderOtherThan(ClusterNode old) {
    await("another leader", () -> leader() != null && leader() != old);
    return leaderNow();
  }

  /** Another node than those, that runs. */
  ClusterNode otherThan(ClusterNode... excluded) {
    List<ClusterNode> not = List.of(excluded);
    return running().stream().filter(node -> !not.contains(node)).findFirst().orElseThrow();
  }

  void pass(long millis) {
    time.pass(millis * MILLI);
  }

  void await(String what, BooleanSupplier holds) {
    for (int millis = 0; millis < 10_000; millis += 5) {
      if (holds.getAsBoolean()) {
        return;
      }
      pass(5);
    }
    throw new AssertionError("not within 10 s: " + what);
  }

  <T> T await(Answer<T> answer) {
    if (!time.passUntil(answer::isThere, 20_000 * MILLI)) {
      throw new AssertionError("never answered");
    }
    return answer.get();
  }

  void cutOff(ClusterNode lonely) {
    for (ClusterNode other : nodes) {
      if (other != lonely) {
        network.cut(lonely.id.value(), other.id.value());
      }
    }
  }
}
