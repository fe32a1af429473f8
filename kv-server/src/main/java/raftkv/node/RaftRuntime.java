package raftkv.node;

import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.PeerMessage;
import raftkv.port.StorageFailure;
import raftkv.raft.LogReader;
import raftkv.raft.NodeId;
import raftkv.raft.RaftNode;
import raftkv.raft.Ready;

/**
 * The loop that drives one node. A turn takes what has arrived, gives it to the core, takes one
 * {@link Ready} and performs it; if more is left it has another follow, behind what has arrived
 * meanwhile. One timer is armed for whatever is due next.
 *
 * <p>Everything but the {@link Inbox} is owned by the event loop.
 */
public final class RaftRuntime {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");

  private final EventLoop loop;
  private final Inbox inbox;
  private final Situation situation;
  private final RaftNode raft;
  private final NodePorts ports;
  private final Desks desks;
  private final Performer performer;
  private final DiskWatch diskWatch;
  private final RoomWatch roomWatch;
  private final ReplicaCheck replicas;
  private final Snapshots snapshots;
  private final StopSequence stopping;
  private final NoticeLog notices;
  private final TurnClock turnClock;
  private final TurnEnd turnEnd;
  private final Requests requests;

  private long persistedTicket;
  private long timerNanos = Long.MAX_VALUE;
  private EventLoop.@Nullable Timer timer;
  private boolean failed;

  RaftRuntime(EventLoop loop, Inbox inbox, Situation situation, NodePorts ports) {
    this.loop = loop;
    this.inbox = inbox;
    this.situation = situation;
    this.raft = situation.raft;
    this.ports = ports;
    HashRing ring = new HashRing();
    this.desks = new Desks(situation, ports, ring, () -> snapshots().own.room());
    this.notices = new NoticeLog(situation, ports);
    this.diskWatch = new DiskWatch(situation);
    this.roomWatch = new RoomWatch(situation, ports.log());
    this.replicas = new ReplicaCheck(situation, ports, ring, inbox, this::onDiverged);
    this.snapshots = new Snapshots(situation, ports, inbox, replicas, desks);
    this.performer =
        new Performer(situation, ports, desks, replicas, snapshots, diskWatch, notices);
    this.stopping = new StopSequence(situation, desks);
    this.turnClock = new TurnClock(situation);
    StatusReport report = new StatusReport(situation, ports, diskWatch, turnClock, snapshots);
    this.turnEnd = new TurnEnd(inbox);
    this.requests = new LoopRequests(loop, inbox, desks, snapshots, report, turnEnd);
  }

  /** Begins: the links are dialled, the first turn runs. Callable from any thread, once. */
  public void start() {
    loop.execute(this::begin);
  }

  private void begin() {
    situation.tick(loop.nowNanos());
    situation.updateAbilities();
    replicas.start();
    snapshots.start();
    notices.start();
    ports.transport().start(new PeerReceiver(inbox, desks, snapshots, LogReader.of(raft)));
    inbox.onArrival(this::turn);
  }

  /** What services ask of this node. */
  public Requests requests() {
    return requests;
  }

  /**
   * Hands leadership over, waits until what is under way is decided, and tells when that is done:
   * within about a second. Afterwards this node does nothing any more and the log store may be
   * closed. Callable from any thread.
   *
   * @param stopped called once, on the loop
   */
  public void stop(Runnable stopped) {
    loop.execute(
        () -> {
          situation.tick(loop.nowNanos());
          stopping.begin(stopped);
          inbox.wake();
        });
  }

  /** How the disk failed this node, or null. Callable from any thread, also after the end. */
  public @Nullable NodeFailure diskFailure() {
    StorageFailure failure = inbox.failure();
    return failure == null ? null : NodeFailure.of(failure);
  }

  // The turn.

  private void turn() {
    inbox.turnBegins();
    if (failed) {
      return;
    }
    turnEnd.turnBegins();
    if (situation.isEnded()) {
      refuseRequests();
      turnEnd.run();
      return;
    }
    try {
      runTurn();
    } catch (Throwable thrown) {
      fail(NodeFailure.of(thrown));
    }
  }

  private void refuseRequests() {
    if (inbox.runRequests()) {
      inbox.wake();
    }
  }

  private void runTurn() {
    turnClock.begin(loop.nowNanos());
    raft.tick(situation.now());
    takeCompletions();
    takePeers();
    roomWatch.look();
    desks.beforeRequests();
    boolean more = inbox.runRequests();
    situation.deadlines.expire(situation.now());
    desks.beforeReady();
    raft.expireTimers();
    diskWatch.look();
    if (raft.hasReady()) {
      performer.perform(raft.takeReady());
    }
    desks.watchLeadership();
    snapshots.watch();
    notices.watch();
    stopping.advance();
    if (situation.isEnded()) {
      snapshots.endAll();
    }
    turnEnd.run();
    long end = loop.nowNanos();
    turnClock.end(end);
    if (!situation.isEnded()) {
      goOn(more, end);
    }
  }

  private void goOn(boolean more, long nowNanos) {
    if (more || raft.hasReady() || desks.haveUnasked()) {
      inbox.again(nowNanos);
    }
    armTimer();
  }

  private void takeCompletions() {
    StorageFailure failure = inbox.failure();
    if (failure != null) {
      throw failure;
    }
    long ticket = inbox.persistedTicket();
    if (ticket > persistedTicket) {
      persistedTicket = ticket;
      diskWatch.persisted(ticket);
      raft.persisted(ticket);
    }
    if (inbox.takeFenceForced()) {
      replicas.onFenceForced();
    }
    if (inbox.takeFenceLowered()) {
      replicas.onFenceLowered();
    }
    snapshots.takeCompletions();
  }

  /** The messages that were there at the start; then the end of a link, which came behind them. */
  private void takePeers() {
    List<NodeId> peers = situation.peers();
    for (NodeId peer : peers) {
      boolean lost = inbox.takeLinkLost(peer);
      for (int waiting = inbox.waitingFrom(peer); waiting > 0; waiting--) {
        PeerMessage message = inbox.takeFrom(peer);
        onMessage(peer, message);
      }
      if (lost) {
        raft.linkLost(peer);
      }
    }
  }

  private void onMessage(NodeId peer, PeerMessage message) {
    if (message instanceof PeerMessage.Core core) {
      raft.step(core.envelope());
    } else if (message instanceof PeerMessage.Digest digest) {
      replicas.onStatement(peer, digest.index(), digest.hash());
    } else if (message instanceof PeerMessage.DigestWanted wanted) {
      replicas.onAsked(peer, wanted.index());
    } else {
      snapshots.sending.onWanted(peer, ((PeerMessage.SnapshotWanted) message).minIndex());
    }
  }

  private Snapshots snapshots() {
    return snapshots;
  }

  private void onDiverged() {
    desks.onDiverged();
    snapshots.onDiverged();
  }

  /**
   * A timer that fires too early costs one small turn; one that is set anew each turn would cost
   * more, since the core's next deadline moves with every heartbeat.
   */
  private void armTimer() {
    long next = Math.min(raft.nextDeadlineNanos(), situation.deadlines.nextNanos());
    if (next >= timerNanos) {
      return;
    }
    EventLoop.Timer armed = timer;
    if (armed != null) {
      armed.cancel();
    }
    timerNanos = next;
    timer = loop.schedule(this::onTimer, Math.max(0, next - loop.nowNanos()));
  }

  private void onTimer() {
    timer = null;
    timerNanos = Long.MAX_VALUE;
    turn();
  }

  private void fail(NodeFailure failure) {
    failed = true;
    LOG.error(
        "node ends: {} node={} exit={}",
        failure.sentence(),
        situation.self(),
        failure.exitCode().code(),
        failure.cause());
    Consumer<NodeFailure> failures = ports.failures();
    failures.accept(failure);
  }
}
