package raftkv.node;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.raft.NodeId;
import raftkv.raft.SnapshotTransfer;

/**
 * Sends the newest snapshot to peers that need one: those whose entries are gone from the log, and
 * those that do not trust their own state. Only while this node leads that term. Owned by the loop.
 */
final class SnapshotSending {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  private record Outgoing(SnapshotFile file, SnapshotSource source, long term, long sinceNanos) {}

  private final Situation situation;
  private final NodePorts ports;
  private final Snapshotter snapshotter;
  private final Map<NodeId, Outgoing> underWay = new TreeMap<>();

  SnapshotSending(Situation situation, NodePorts ports, Snapshotter snapshotter) {
    this.situation = situation;
    this.ports = ports;
    this.snapshotter = snapshotter;
  }

  /** The core asks; it is told how it ended, and asks again if it must. */
  void onTransfer(SnapshotTransfer transfer) {
    NodeId to = transfer.to();
    send(to, 0, delivered -> situation.raft.snapshotSent(to, delivered));
  }

  /** A peer asks whose state cannot be trusted. */
  void onWanted(NodeId peer, long minIndex) {
    if (situation.raft.isLeader()) {
      send(peer, minIndex, delivered -> {});
    }
  }

  private void send(NodeId to, long minIndex, Consumer<Boolean> done) {
    SnapshotFile newest = situation.mayGiveResults() ? fitting(minIndex) : null;
    if (newest == null || underWay.containsKey(to)) {
      done.accept(false);
      return;
    }
    SnapshotSource source = ports.snapshots().open(newest);
    long term = situation.raft.term();
    Outgoing outgoing = new Outgoing(newest, source, term, situation.now());
    underWay.put(to, outgoing);
    LOG.info(
        "sending a snapshot to {}: {}, {} node={} term={}",
        to,
        newest.meta().lastIncluded(),
        Words.bytes(newest.sizeBytes()),
        situation.self(),
        term);
    ports
        .transport()
        .sendSnapshot(to, term, newest, source, delivered -> onSent(to, outgoing, delivered, done));
  }

  /** The newest, if the log goes on behind it; else one is taken. */
  private @Nullable SnapshotFile fitting(long minIndex) {
    SnapshotFile newest = ports.snapshots().newest();
    long needed = Math.max(minIndex, situation.raft.logBase().index());
    if (newest != null && newest.meta().lastIncluded().index() >= needed) {
      return newest;
    }
    snapshotter.want();
    return null;
  }

  /** Comes between two turns: what it asks for happens in the next. */
  private void onSent(NodeId to, Outgoing outgoing, boolean delivered, Consumer<Boolean> done) {
    underWay.remove(to);
    outgoing.source().close();
    situation.wake();
    if (situation.isEnded()) {
      return;
    }
    LOG.info(
        "snapshot {} {} {} after {} node={} term={}",
        outgoing.file().meta().lastIncluded(),
        delivered ? "delivered to" : "not delivered to",
        to,
        Words.seconds(situation.now() - outgoing.sinceNanos()),
        situation.self(),
        outgoing.term());
    done.accept(delivered);
  }

  /** Ends what was begun in another term; once a turn. */
  void watch() {
    if (underWay.isEmpty()) {
      return;
    }
    long ledTerm = situation.raft.isLeader() && !situation.isEnded() ? situation.raft.term() : -1;
    for (Map.Entry<NodeId, Outgoing> each : List.copyOf(underWay.entrySet())) {
      if (each.getValue().term() != ledTerm) {
        ports.transport().abandonSnapshot(each.getKey());
      }
    }
  }
}
