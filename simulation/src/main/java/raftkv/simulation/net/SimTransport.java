package raftkv.simulation.net;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.ForwardReply;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.port.Transport;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;
import raftkv.simulation.time.Life;
import raftkv.simulation.time.SimEventLoop;
import raftkv.simulation.time.Timeline;

/** One run of a node's end of all its links. */
final class SimTransport implements Transport {
  private static final long FETCH_NANOS = 500 * Timeline.MILLI;

  private final SimNetwork network;
  private final NodeId self;
  private final Life life;
  private final SimEventLoop loop;
  private final List<Call> calls = new ArrayList<>();
  private final List<SnapshotStream> streams = new ArrayList<>();
  private @Nullable Receiver receiver;

  SimTransport(SimNetwork network, NodeId self, Life life, SimEventLoop loop) {
    this.network = network;
    this.self = self;
    this.life = life;
    this.loop = loop;
  }

  NodeId self() {
    return self;
  }

  boolean wasAliveAt(long nanos) {
    return life.wasOnAt(nanos);
  }

  Receiver receiver() {
    Receiver started = receiver;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  void onLinkLost(NodeId peer) {
    receiver().linkLost(peer);
    abandonSnapshot(peer);
    for (Call call : List.copyOf(calls)) {
      if (call.to.equals(peer)) {
        call.end(new ForwardReply.Unknown("link lost"));
      }
    }
  }

  void onStreamEnded(NodeId peer) {
    receiver().linkLost(peer);
  }

  void onLinkEstablished(NodeId peer) {
    receiver().linkEstablished(peer);
  }

  @Override
  public void start(Receiver nodeReceiver) {
    receiver = nodeReceiver;
    network.timeline().after(0, this::begin);
  }

  private void begin() {
    if (life.isOn()) {
      network.started(this);
    }
  }

  @Override
  public void send(NodeId to, PeerMessage message) {
    loop.onOutwardCall();
    if (loop.isAlive()) {
      network.send(this, to, message);
    }
  }

  @Override
  public void clusterIdKnown(ClusterId clusterId) {
    // Identities of clusters are the handshake's matter, which is not simulated.
  }

  @Override
  public void forward(NodeId to, ForwardRequest request, Consumer<ForwardReply> answer) {
    loop.onOutwardCall();
    if (!network.isUp(self, to)) {
      loop.execute(
          () ->
              answer.accept(
                  new ForwardReply.NotApplied(ForwardReply.Reason.NOT_READY, null, "no link")));
      return;
    }
    Call call = new Call(to, answer);
    calls.add(call);
    loop.schedule(
        () -> call.end(new ForwardReply.Unknown("deadline")),
        Math.max(1, request.remainingNanos()));
    network.carry(
        this,
        to,
        target ->
            target.receiver().forwarded(self, request, reply -> target.answer(this, call, reply)));
  }

  /** On the loop of the node that was asked. */
  private void answer(SimTransport asker, Call call, ForwardReply reply) {
    loop.onOutwardCall();
    if (loop.isAlive()) {
      network.carry(this, asker.self, unused -> call.end(reply));
    }
  }

  @Override
  public void fetchLog(NodeId to, LogQuestion question, Consumer<LogPage> answer) {
    loop.onOutwardCall();
    Fetch fetch = new Fetch(answer);
    loop.schedule(() -> fetch.end(new LogPage.Unanswered("no answer")), FETCH_NANOS);
    network.carry(
        this,
        to,
        target ->
            target
                .receiver()
                .logAsked(
                    self,
                    question,
                    page -> {
                      // At the clock of the answer: what the node has is written by then.
                      network
                          .timeline()
                          .after(0, () -> network.tap().told(to, self, question, page));
                      network.carry(target, self, unused -> fetch.end(page));
                    }));
  }

  /** A question for a part of the log whose answer is open. */
  private final class Fetch {
    private final Consumer<LogPage> answer;
    private boolean ended;

    Fetch(Consumer<LogPage> answer) {
      this.answer = answer;
    }

    void end(LogPage page) {
      if (!ended) {
        ended = true;
        loop.execute(() -> answer.accept(page));
      }
    }
  }

  @Override
  public void sendSnapshot(
      NodeId to, long term, SnapshotFile file, SnapshotSource source, Consumer<Boolean> done) {
    loop.onOutwardCall();
    SnapshotStream stream = new SnapshotStream(network, this, to, source, done);
    streams.add(stream);
    stream.offer(term, file);
  }

  @Override
  public void abandonSnapshot(NodeId to) {
    loop.onOutwardCall();
    for (SnapshotStream stream : List.copyOf(streams)) {
      if (stream.to().equals(to)) {
        stream.end(false);
      }
    }
  }

  void ended(SnapshotStream stream, Runnable tell) {
    streams.remove(stream);
    loop.execute(tell);
  }

  @Override
  public String linkState(NodeId peer) {
    return network.linkState(self, peer);
  }

  /** A forwarded write whose answer is open. */
  private final class Call {
    final NodeId to;
    private final Consumer<ForwardReply> answer;
    private boolean ended;

    Call(NodeId to, Consumer<ForwardReply> answer) {
      this.to = to;
      this.answer = answer;
    }

    /** The first end counts; it comes on the loop. */
    void end(ForwardReply reply) {
      if (!ended) {
        ended = true;
        calls.remove(this);
        loop.execute(() -> answer.accept(reply));
      }
    }
  }
}
