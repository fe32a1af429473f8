package raftkv.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes in one thread, over disks and a network in memory, each with a clock of its own.
 * Nothing happens by itself; every Ready is checked by {@link ClusterChecker}.
 */
final class TestCluster {
  /** What happens, for whoever wants to write it down. */
  interface Trace {
    void ready(TestNode node, Ready ready);

    void lost(Envelope envelope);
  }

  final TestNetwork network = new TestNetwork();
  private final SortedMap<NodeId, TestNode> nodes = new TreeMap<>();
  private final ClusterChecker checker = new ClusterChecker(nodes);
  private final long seed;
  private final Trace trace;
  private final UnaryOperator<RaftConfig> adjust;

  TestCluster(int size, long seed, Trace trace, UnaryOperator<RaftConfig> adjust) {
    this.seed = seed;
    this.trace = trace;
    this.adjust = adjust;
    for (int i = 1; i <= size; i++) {
      nodes.put(new NodeId(i), new TestNode(new NodeId(i)));
    }
  }

  /** What must never be taken back, for telling states apart. */
  List<Object> promises() {
    return checker.promises();
  }

  /** Some nodes are played by the test: their disks prove nothing. */
  void trustOthers() {
    checker.trustDisks();
  }

  TestNode node(int id) {
    TestNode node = nodes.get(new NodeId(id));
    if (node == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return node;
  }

  Iterable<TestNode> nodes() {
    return nodes.values();
  }

  List<NodeId> ids() {
    return new ArrayList<>(nodes.keySet());
  }

  void start(TestNode node) {
    RaftConfig config =
        RaftConfig.of(node.id, ids(), new TestFormat(), Bytes.EMPTY).withRetainedLogBytes(0);
    node.start(adjust.apply(TestConfigs.checked(config)), seed);
    checker.started(node);
    settle(node);
  }

  void crash(TestNode node) {
    node.crash();
    network.endRun(node.id);
  }

  /** Stops the node and gives it another disk. */
  void replaceDisk(TestNode node, TestDisk disk) {
    node.replaceDisk(disk);
    network.endRun(node.id);
  }

  /** Stops the node and gives it a blank disk; the old one is kept on a shelf. */
  void wipe(TestNode node) {
    checker.wiped(node);
    node.wipe();
    network.endRun(node.id);
  }

  /** Stops the node and puts a disk from the shelf in the place of the one it has. */
  void remount(TestNode node, int place) {
    node.remount(place);
    network.endRun(node.id);
  }

  /** What the committed text names, or null before there is any. */
  @Nullable Roster committedRoster() {
    return checker.committedRoster();
  }

  /** One turn of that node: the clock, an input, and all that is ready after it. */
  void turn(TestNode node, Consumer<RaftNode> input) {
    node.core().tick(node.clockNanos());
    input.accept(node.core());
    settle(node);
  }

  /** Lets the node's clock run up to that time and acts on its timers. */
  void advance(TestNode node, long nanos) {
    node.advanceTo(nanos);
    turn(node, RaftNode::expireTimers);
  }

  /** Hands the message over, if its receiver is up. */
  void deliver(Envelope envelope) {
    TestNode receiver = node(envelope.to().value());
    if (receiver.isUp()) {
      turn(receiver, core -> core.step(envelope));
    }
  }

  /** The disk forces its oldest write and says so. */
  Write persistOne(TestNode node) {
    Write write = node.disk().force();
    turn(node, core -> core.persisted(write.ticket()));
    return write;
  }

  /** These reads begin in one turn. */
  void read(TestNode node, List<Integer> readIds) {
    readIds.forEach(checker::readBegins);
    turn(node, core -> readIds.forEach(core::confirmRead));
  }

  private void settle(TestNode node) {
    while (node.core().hasReady()) {
      Ready ready = node.core().takeReady();
      checker.check(node, ready);
      trace.ready(node, ready);
      perform(node, ready);
    }
  }

  private void perform(TestNode node, Ready ready) {
    for (Envelope envelope : ready.messages()) {
      if (!network.send(envelope)) {
        trace.lost(envelope);
      }
    }
    SnapshotMeta restore = ready.restore();
    if (restore != null) {
      node.restored(restore.lastIncluded().index());
    }
    for (LogEntry entry : ready.committed()) {
      node.applies(entry.index());
      if (entry.kind() == EntryKind.COMMAND) {
        node.applied.add(TestFormat.text(entry.body()));
      }
      node.core().applied(entry.index());
    }
    Write write = ready.write();
    if (write != null) {
      node.disk().submit(write);
    }
    while (!node.isDiskSlow() && node.disk().hasQueued()) {
      node.core().persisted(node.disk().force().ticket());
    }
    node.disk().dropThrough(node.core().logBase());
  }
}
