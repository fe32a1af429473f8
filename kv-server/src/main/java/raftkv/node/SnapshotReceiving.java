package raftkv.node;

import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.SnapshotStore.Incoming;
import raftkv.port.SnapshotStore.Received;
import raftkv.port.StateImage;
import raftkv.raft.Bytes;
import raftkv.raft.Check;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.SnapshotMeta;

/**
 * Takes a leader's snapshot: pieces to the store, and when it is durable there, to the core and to
 * the state machine. A fenced replica asks for one, and takes any that its log goes on behind: that
 * alone lifts the fence (safety rule 7.1). Owned by the loop; what the transport calls on other
 * threads is handed over to it.
 */
final class SnapshotReceiving {
  private static final Logger LOG = LogManager.getLogger("raftkv.node");
  private static final long ASK_NANOS = 1_000_000_000L;

  private final Situation situation;
  private final NodePorts ports;
  private final Inbox inbox;
  private final Snapshotter snapshotter;
  private final ReplicaCheck replicas;
  private final Desks desks;
  private @Nullable Arrival arriving;

  /** What has arrived in this turn, until the core has decided about it. */
  private @Nullable StateImage image;

  /** It heals a replica that is fenced. */
  private boolean heals;

  SnapshotReceiving(
      Situation situation,
      NodePorts ports,
      Inbox inbox,
      Snapshotter snapshotter,
      ReplicaCheck replicas,
      Desks desks) {
    this.situation = situation;
    this.ports = ports;
    this.inbox = inbox;
    this.snapshotter = snapshotter;
    this.replicas = replicas;
    this.desks = desks;
  }

  /** Begins to ask, should this replica be fenced some time. */
  void start() {
    situation.deadlines.at(situation.now() + ASK_NANOS, this::maybeAsk);
  }

  private void maybeAsk() {
    NodeId leader = situation.raft.leader();
    boolean needed = situation.reportedFence() != null && arriving == null;
    if (needed && leader != null && !leader.equals(situation.self())) {
      long minIndex = situation.raft.logBase().index();
      ports.transport().send(leader, new PeerMessage.SnapshotWanted(minIndex));
    }
    start();
  }

  /** A peer offers one. Callable from any thread. */
  void offered(NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
    inbox.onLoop(() -> answer.accept(answerTo(from, term, file)));
  }

  private SnapshotAnswer answerTo(NodeId from, long term, SnapshotFile file) {
    long index = file.meta().lastIncluded().index();
    boolean fenced = situation.isFenced();
    if (situation.isEnded()) {
      return new SnapshotAnswer.Declined("stopping");
    } else if (term < situation.raft.term()) {
      return new SnapshotAnswer.Declined("of an earlier term");
    } else if (!fenced && index <= situation.raft.commitIndex()) {
      return new SnapshotAnswer.Have();
    } else if (fenced && situation.reportedFence() == null) {
      return new SnapshotAnswer.Declined("the fence is being written");
    } else if (index < situation.raft.logBase().index()) {
      return new SnapshotAnswer.Declined("the log begins behind it");
    } else if (!giveUpFor(from)) {
      return new SnapshotAnswer.Declined("another snapshot is being stored");
    } else if (!snapshotter.hold()) {
      return new SnapshotAnswer.Declined("a snapshot is being written");
    }
    LOG.info(
        "a snapshot arrives from {}: {}, {} {}",
        from,
        file.meta().lastIncluded(),
        Words.bytes(file.sizeBytes()),
        place());
    Arrival arrival = new Arrival(from, term, file, ports.snapshots().receive(file));
    arriving = arrival;
    return new SnapshotAnswer.Take(arrival);
  }

  /**
   * Whoever leads sends one at a time: what was on its way in comes from a leader of before, or its
   * sender has given it up; either may be gone without a word. False if it has come whole.
   */
  private boolean giveUpFor(NodeId from) {
    Arrival arrival = arriving;
    if (arrival == null) {
      return true;
    } else if (arrival.finishing) {
      return false;
    }
    LOG.info("the snapshot from {} gives way to one from {} {}", arrival.from, from, place());
    arrival.giveUp();
    return true;
  }

  /** What is on its way in, for the status; null if nothing is. */
  @Nullable SnapshotFile arrivingFile() {
    Arrival arrival = arriving;
    return arrival == null ? null : arrival.file;
  }

  /**
   * Gives up what has arrived through the log meanwhile, and what was begun in another term, as its
   * sender does; once a turn.
   */
  void watch() {
    image = null;
    Arrival arrival = arriving;
    if (arrival != null && (arrival.isNeedless() || arrival.isOutdated())) {
      arrival.giveUp();
    }
  }

  /** The store has taken all of it, or none. */
  void onReceived(Received received) {
    Arrival arrival = arriving;
    Check.that(arrival != null, "what is received was on its way");
    arriving = null;
    snapshotter.release();
    if (arrival == null) {
      return;
    }
    if (received instanceof Received.Durable durable) {
      arrival.delivered(true);
      onDurable(arrival, durable);
    } else if (received instanceof Received.Refused refused) {
      LOG.warn("the snapshot from {} is refused: {} {}", arrival.from, refused.reason(), place());
      arrival.delivered(false);
    } else {
      throw ((Received.Failed) received).failure();
    }
  }

  private void onDurable(Arrival arrival, Received.Durable durable) {
    SnapshotMeta meta = durable.file().meta();
    image = durable.image();
    heals = situation.reportedFence() != null;
    if (heals) {
      heals = situation.raft.restoreFenced(arrival.from, arrival.term, meta);
    } else {
      situation.raft.snapshotArrived(arrival.from, arrival.term, meta);
    }
  }

  /**
   * The state machine is that snapshot's from now on. At start it is already. Writes and reads that
   * waited for an index that was jumped over are settled.
   */
  void restore(SnapshotMeta meta) {
    LogPosition position = meta.lastIncluded();
    StateImage arrived = image;
    if (arrived != null) {
      Check.that(arrived.index() == position.index(), "the state that arrived is restored");
      ports.machine().restore(arrived);
    }
    image = null;
    Check.that(
        ports.machine().appliedIndex() == position.index(),
        "the state machine is that of the snapshot",
        ports.machine().appliedIndex(),
        position.index());
    snapshotter.onRestored(position);
    replicas.onRestored();
    situation.replayTo(situation.raft.commitIndex());
    desks.onRestored(position);
    if (arrived != null) {
      LOG.info("state restored from a snapshot: {} {}", position, place());
    }
    if (arrived != null && heals) {
      heals = false;
      replicas.lowerFence();
    }
  }

  private String place() {
    return "node=" + situation.self() + " term=" + situation.raft.term();
  }

  /** One snapshot on its way in. The transport's methods come on any thread. */
  private final class Arrival implements SnapshotSink {
    private final NodeId from;
    private final long term;
    private final SnapshotFile file;
    private final Incoming incoming;

    // All of it is the loop's.
    private boolean over;
    private boolean finishing;
    private @Nullable Consumer<Boolean> sender;

    Arrival(NodeId from, long term, SnapshotFile file, Incoming incoming) {
      this.from = from;
      this.term = term;
      this.file = file;
      this.incoming = incoming;
    }

    @Override
    public void take(Bytes piece, Runnable next) {
      inbox.onLoop(
          () -> {
            if (over) {
              next.run();
            } else {
              incoming.take(piece, next);
            }
          });
    }

    @Override
    public void finish(Consumer<Boolean> delivered) {
      inbox.onLoop(
          () -> {
            if (over) {
              delivered.accept(isNeedless());
            } else {
              finishing = true;
              sender = delivered;
              incoming.finish(inbox::snapshotReceived);
            }
          });
    }

    @Override
    public void abandon() {
      inbox.onLoop(
          () -> {
            if (!over && !finishing) {
              LOG.info("the snapshot from {} did not arrive whole {}", from, place());
              giveUp();
            }
          });
    }

    /** Everything in it has come another way: as good as delivered (safety rule 1.3). */
    boolean isNeedless() {
      long index = file.meta().lastIncluded().index();
      return !finishing && !situation.isFenced() && index <= situation.raft.commitIndex();
    }

    /** Its sender leads no more. It may stand still, or be gone, and never say so. */
    boolean isOutdated() {
      return !finishing && term < situation.raft.term();
    }

    void giveUp() {
      over = true;
      arriving = null;
      snapshotter.release();
      incoming.abandon();
    }

    void delivered(boolean whole) {
      over = true;
      Consumer<Boolean> waiting = sender;
      if (waiting != null) {
        waiting.accept(whole);
      }
    }
  }
}
