package raftkv.node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.ForwardReply;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.Transport;
import raftkv.raft.Check;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/** Links between nodes that can be cut in one direction or both, silently or with a broken link. */
final class MemoryNetwork {
  private record Way(int from, int to) {}

  private final VirtualTime time;
  private final Map<NodeId, Endpoint> up = new TreeMap<>();
  private final Set<Way> cut = new HashSet<>();

  long latencyNanos = 300_000;

  /** Snapshots that their sender has given up. */
  int abandoned;

  /** Whose snapshots stop on their way, and nobody is told. */
  @Nullable NodeId stalled;

  /** Whether the offer of a snapshot gets lost. */
  boolean losesOffers;

  /** Whether the receiver of a snapshot is told that it ends. */
  boolean tellsReceivers = true;

  /** Size of a snapshot's pieces: small, so that even a small snapshot has some. */
  int pieceBytes = 64;

  /** Messages for which this holds are lost. */
  BiPredicate<NodeId, PeerMessage> loses = (from, message) -> false;

  /** Told each core and digest message that is sent. */
  Consumer<PeerMessage> tap = message -> {};

  MemoryNetwork(VirtualTime time) {
    this.time = time;
  }

  Transport connect(NodeId node) {
    return new Endpoint(node);
  }

  /** Nothing gets through any more, and nobody is told. */
  void cut(int one, int other) {
    cut.add(new Way(one, other));
    cut.add(new Way(other, one));
  }

  void cutOneWay(int from, int to) {
    cut.add(new Way(from, to));
  }

  void heal() {
    cut.clear();
  }

  /** The process is gone: its links break, and whoever waits for its answer is told. */
  void gone(NodeId node) {
    Endpoint endpoint = up.remove(node);
    if (endpoint == null) {
      return;
    }
    endpoint.dead = true;
    List.copyOf(endpoint.snapshots.values()).forEach(transfer -> transfer.end(false));
    for (Endpoint other : up.values()) {
      time.after(latencyNanos, () -> other.receiver().linkLost(node));
      other.abandonSnapshot(node);
      other.forwards.stream().filter(f -> f.to.equals(node)).toList().forEach(Forward::lost);
    }
  }

  boolean passes(NodeId from, NodeId to) {
    return !cut.contains(new Way(from.value(), to.value()));
  }

  private final class Endpoint implements Transport {
    private final NodeId self;
    private @Nullable Receiver receiver;
    private boolean dead;
    private final List<Forward> forwards = new ArrayList<>();
    private final Map<NodeId, MemoryTransfer> snapshots = new TreeMap<>();

    Endpoint(NodeId self) {
      this.self = self;
    }

    Receiver receiver() {
      if (receiver == null) {
        throw new IllegalStateException("not started");
      }
      return receiver;
    }

    @Override
    public void start(Receiver nodeReceiver) {
      receiver = nodeReceiver;
      up.put(self, this);
    }

    @Override
    public void send(NodeId to, PeerMessage message) {
      tap.accept(message);
      if (!passes(self, to) || loses.test(self, message)) {
        return;
      }
      Endpoint target = up.get(to);
      time.after(
          latencyNanos,
          () -> {
            if (target != null && !target.dead && !dead) {
              target.receiver().received(self, message, 100);
            }
          });
    }

    @Override
    public void clusterIdKnown(ClusterId clusterId) {
      // Nobody here asks for it.
    }

    @Override
    public void forward(NodeId to, ForwardRequest request, Consumer<ForwardReply> answer) {
      Endpoint target = up.get(to);
      Forward forward = new Forward(this, to, answer);
      if (target == null) {
        time.after(
            latencyNanos,
            () ->
                forward.answer(
                    new ForwardReply.NotApplied(ForwardReply.Reason.NOT_READY, null, "refused")));
        return;
      }
      long underWay = forwards.stream().filter(each -> each.to.equals(to)).count();
      Check.that(underWay <= MAX_FORWARDS, "a node forwards no more than may be under way");
      time.after(request.remainingNanos(), forward::lost);
      time.after(
          latencyNanos,
          () -> {
            if (passes(self, to) && !target.dead) {
              target.receiver().forwarded(self, request, reply -> back(target, forward, reply));
            }
          });
    }

    private void back(Endpoint target, Forward forward, ForwardReply reply) {
      time.after(
          latencyNanos,
          () -> {
            if (passes(target.self, self) && !target.dead) {
              forward.answer(reply);
            }
          });
    }

    /** Nobody answers who is cut off or gone. */
    @Override
    public void fetchLog(NodeId to, LogQuestion question, Consumer<LogPage> answer) {
      boolean[] answered = new boolean[1];
      Consumer<LogPage> once =
          page -> {
            if (!answered[0] && !dead) {
              answered[0] = true;
              answer.accept(page);
            }
          };
      Endpoint target = up.get(to);
      if (target != null && passes(self, to)) {
        time.after(
            latencyNanos,
            () -> {
              if (!target.dead) {
                target.receiver().logAsked(self, question, page -> pageBack(target, once, page));
              }
            });
      }
      long patience = target == null ? latencyNanos : 5_000 * VirtualTime.MILLI;
      time.after(patience, () -> once.accept(new LogPage.Unanswered("no link")));
    }

    private void pageBack(Endpoint target, Consumer<LogPage> once, LogPage page) {
      if (passes(target.self, self)) {
        time.after(latencyNanos, () -> once.accept(page));
      }
    }

    @Override
    public void sendSnapshot(
        NodeId to, long term, SnapshotFile file, SnapshotSource source, Consumer<Boolean> done) {
      Endpoint target = up.get(to);
      if (target == null || !passes(self, to) || snapshots.containsKey(to)) {
        time.after(latencyNanos, () -> done.accept(false));
        return;
      }
      MemoryTransfer transfer =
          new MemoryTransfer(
              time,
              MemoryNetwork.this,
              new MemoryTransfer.Route(self, to, term),
              source,
              delivered -> {
                snapshots.remove(to);
                if (!dead) {
                  done.accept(delivered);
                }
              });
      snapshots.put(to, transfer);
      transfer.offer(file, target.receiver());
    }

    @Override
    public void abandonSnapshot(NodeId to) {
      MemoryTransfer transfer = snapshots.get(to);
      if (transfer != null) {
        abandoned++;
        transfer.end(false);
      }
    }

    @Override
    public String linkState(NodeId peer) {
      return up.containsKey(peer) && passes(self, peer) ? "connected" : "refused";
    }
  }

  /** A forwarded write whose answer is open. */
  private static final class Forward {
    private final Endpoint sender;
    private final NodeId to;
    private final Consumer<ForwardReply> answer;
    private boolean done;

    Forward(Endpoint sender, NodeId to, Consumer<ForwardReply> answer) {
      this.sender = sender;
      this.to = to;
      this.answer = answer;
      sender.forwards.add(this);
    }

    void lost() {
      answer(new ForwardReply.Unknown("link lost"));
    }

    void answer(ForwardReply reply) {
      if (!done && !sender.dead) {
        done = true;
        sender.forwards.remove(this);
        answer.accept(reply);
      }
    }
  }
}
