package raftkv.node;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import raftkv.node.WriteOutcome.Cause;
import raftkv.port.LogRoom;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;

/** The places where requests wait, and what concerns them all. Owned by the loop. */
final class Desks {
  final WriteDesk writes;
  final ReadDesk reads;
  final HashDesk hashes;
  final TransferDesk transfers;
  final IndexWaiters applied = new IndexWaiters();
  private final Situation situation;
  private @Nullable NodeId leader;
  private long term;

  Desks(Situation situation, NodePorts ports, HashRing ring, Supplier<LogRoom> heapRoom) {
    this.situation = situation;
    this.writes = new WriteDesk(situation, ports, heapRoom);
    this.reads = new ReadDesk(situation, ports.machine(), applied);
    this.hashes = new HashDesk(situation, ports.machine(), ring, applied);
    this.transfers = new TransferDesk(situation);
  }

  /** What came earlier goes first. */
  void beforeRequests() {
    writes.forwardQueued();
  }

  /** All requests of the turn are here: reads share one question. */
  void beforeReady() {
    watchLeadership();
    reads.ask();
  }

  /** Reads were given back in this turn, and may be asked again at once. */
  boolean haveUnasked() {
    return reads.mayAsk();
  }

  /** Routes again what waits, once leadership has changed. */
  void watchLeadership() {
    NodeId now = situation.raft.leader();
    boolean same =
        term == situation.raft.term() && (now == null ? leader == null : now.equals(leader));
    if (same) {
      return;
    }
    leader = now;
    term = situation.raft.term();
    writes.watchLeadership();
    transfers.watchLeadership();
    writes.routeWaiting();
  }

  /** A transfer of leadership failed: this node goes on as leader. */
  void onTransferFailed() {
    transfers.onFailed();
    writes.routeWaiting();
  }

  /**
   * The state machine is that of a snapshot from now on: what waited for an index that was jumped
   * over waits no more.
   */
  void onRestored(LogPosition position) {
    writes.onJump(position);
    applied.reached(position.index());
  }

  /** The process ends: whoever waits is told what is certain. */
  void endAll() {
    writes.endAll(Cause.STOPPING, new WriteOutcome.NotReady("stopping"));
    reads.endAll();
    hashes.endAll();
    transfers.endAll();
  }

  /** This replica's results mean nothing, or nobody knows whose do. */
  void onDiverged() {
    writes.onDiverged();
    reads.onDiverged();
  }
}
