package raftkv.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.PeerMessage;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ClusterIdKnown;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.ExchangeResponse;
import raftkv.proto.raft.v1.Ping;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * The link from this node to one peer: dials, says Hello, sends, dials again. Owned by the event
 * loop; what gRPC's thread hears is handed over under the number of the link that it belongs to.
 *
 * <pre>
 *   WAITING --time, or the peer was heard--> DIALING --its Hello--> CONNECTED
 *      ^                                        |                       |
 *      +------ refused, no answer, closed ------+------- closed --------+--> linkLost, once
 * </pre>
 *
 * <p>Each attempt has a channel of its own: it resolves the name anew, knows no backoff, and takes
 * what was queued with it when it goes (safety rule 1.4).
 */
final class PeerLink {
  private static final Logger LOG = LogManager.getLogger(PeerLink.class);
  private static final int QUICK_ATTEMPTS = 40;

  private final NodeId peer;
  private final EventLoop loop;
  private final Handshake handshake;
  private final Supplier<ManagedChannel> channels;
  private final PeerSettings.Limits limits;
  private final Transport.Receiver receiver;
  private final SparseLog sparseLog;

  private String state = "not dialled";
  private long linkNumber;
  private int failures;
  private long pingsSent;
  private long pingsAnswered;
  private boolean closed;
  private Runnable onDrop = () -> {};
  private @Nullable ManagedChannel channel;
  private @Nullable ClientCall<ExchangeRequest, ExchangeResponse> call;
  private EventLoop.@Nullable Timer timer;

  PeerLink(
      NodeId peer,
      EventLoop loop,
      Handshake handshake,
      Supplier<ManagedChannel> channels,
      PeerSettings.Limits limits,
      Transport.Receiver receiver,
      SparseLog sparseLog) {
    this.peer = peer;
    this.loop = loop;
    this.handshake = handshake;
    this.channels = channels;
    this.limits = limits;
    this.receiver = receiver;
    this.sparseLog = sparseLog;
  }

  String state() {
    return state;
  }

  boolean isConnected() {
    return state.equals(Transport.CONNECTED);
  }

  /** The channel of the established link, for other calls to the same run; null without a link. */
  @Nullable ManagedChannel channel() {
    return isConnected() ? channel : null;
  }

  /** What else ends with each link. */
  void onDrop(Runnable task) {
    onDrop = task;
  }

  /** Opens a stream under a new number. Only while there is none. */
  void dial() {
    if (closed || call != null) {
      return;
    }
    long number = ++linkNumber;
    if (number == 1) {
      state = "dialling";
    }
    ManagedChannel fresh = channels.get();
    ClientCall<ExchangeRequest, ExchangeResponse> dialled =
        fresh.newCall(
            PeerMethods.EXCHANGE, CallOptions.DEFAULT.withOnReadyThreshold(limits.queuedBytes()));
    channel = fresh;
    call = dialled;
    dialled.start(new Listener(number), new Metadata());
    dialled.request(2);
    dialled.sendMessage(
        ExchangeRequest.newBuilder().setHello(handshake.hello(peer, number)).build());
    setTimer(() -> fail("no answer"), 2 * limits.connectNanos());
  }

  /** The peer dials us, so it is there: no reason to wait any longer. */
  void peerHeard() {
    if (call == null) {
      failures = 0;
      cancelTimer();
      dial();
    }
  }

  /** Sends if the link is established and has room; else the message is dropped. */
  void send(PeerMessage message) {
    ClientCall<ExchangeRequest, ExchangeResponse> current = call;
    if (current != null && isConnected() && current.isReady()) {
      current.sendMessage(MessageWriter.frame(message));
    }
  }

  /** Tells the other side the id that it did not get with the Hello. */
  void announce(ClusterId clusterId) {
    ClientCall<ExchangeRequest, ExchangeResponse> current = call;
    if (current != null) {
      current.sendMessage(
          ExchangeRequest.newBuilder()
              .setClusterIdKnown(
                  ClusterIdKnown.newBuilder().setClusterId(WireBytes.ofClusterId(clusterId)))
              .build());
    }
  }

  /** Ends the link for good. */
  void close() {
    closed = true;
    cancelTimer();
    drop("closed");
  }

  private void onFrame(ExchangeResponse frame) {
    switch (frame.getFrameCase()) {
      case HELLO -> onHello(frame);
      case PONG -> pingsAnswered = Math.max(pingsAnswered, frame.getPong().getNumber());
      case CLUSTER_ID_KNOWN -> {
        String refusal =
            handshake.clusterRefusal(
                peer.value(), WireBytes.clusterId(frame.getClusterIdKnown().getClusterId()));
        if (refusal != null) {
          refuse(refusal);
        }
      }
      case FRAME_NOT_SET -> {
        // A newer peer says something that this version does not need to know.
      }
    }
  }

  private void onHello(ExchangeResponse frame) {
    String refusal =
        isConnected() ? "a second Hello on one stream" : handshake.refusal(frame.getHello(), peer);
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    String warning = handshake.warning(frame.getHello());
    if (warning != null) {
      sparseLog.warn("times of node " + peer, warning);
    }
    state = Transport.CONNECTED;
    failures = 0;
    pingsSent = 0;
    pingsAnswered = 0;
    LOG.info(
        "connected to node {} version={} link={}", peer, frame.getHello().getVersion(), linkNumber);
    setTimer(this::ping, limits.pingNanos());
    receiver.linkEstablished(peer);
  }

  private void refuse(String sentence) {
    sparseLog.warn("refused node " + peer, sentence);
    fail("refused: does not fit");
  }

  /**
   * A cut network closes nothing. Questions are counted, not timed, so that a pause of our own
   * process is not taken for the peer's silence.
   */
  private void ping() {
    ClientCall<ExchangeRequest, ExchangeResponse> current = call;
    if (current == null) {
      return;
    }
    if (pingsSent - pingsAnswered >= limits.pingsUnanswered()) {
      fail("silent");
      return;
    }
    current.sendMessage(
        ExchangeRequest.newBuilder().setPing(Ping.newBuilder().setNumber(++pingsSent)).build());
    setTimer(this::ping, limits.pingNanos());
  }

  private void onClosed(Status status) {
    if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
      sparseLog.warn("refused by node " + peer, String.valueOf(status.getDescription()));
      fail("refused: does not fit");
    } else {
      fail(LinkFailure.words(status));
    }
  }

  /** The current attempt or link is over. */
  private void fail(String reason) {
    boolean wasConnected = isConnected();
    cancelTimer();
    drop(reason);
    failures++;
    boolean slow = failures > QUICK_ATTEMPTS || reason.startsWith("refused:");
    setTimer(this::dial, slow ? limits.slowRedialNanos() : limits.redialNanos());
    if (wasConnected) {
      LOG.info("connection to node {} lost: {} link={}", peer, reason, linkNumber);
      receiver.linkLost(peer);
    }
  }

  private void drop(String reason) {
    ClientCall<ExchangeRequest, ExchangeResponse> old = call;
    ManagedChannel oldChannel = channel;
    call = null;
    channel = null;
    state = reason;
    onDrop.run();
    if (old != null) {
      old.cancel(reason, null);
    }
    if (oldChannel != null) {
      oldChannel.shutdownNow();
    }
  }

  private void setTimer(Runnable task, long delayNanos) {
    cancelTimer();
    timer = loop.schedule(task, delayNanos);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void ifCurrent(long number, Runnable task) {
    loop.execute(
        () -> {
          if (number == linkNumber && call != null) {
            task.run();
          }
        });
  }

  /** On gRPC's thread. */
  private final class Listener extends ClientCall.Listener<ExchangeResponse> {
    private final long number;

    Listener(long number) {
      this.number = number;
    }

    @Override
    public void onMessage(ExchangeResponse frame) {
      ifCurrent(
          number,
          () -> {
            ClientCall<ExchangeRequest, ExchangeResponse> current = call;
            if (current != null) {
              current.request(1);
            }
            try {
              onFrame(frame);
            } catch (BadPeerMessage bad) {
              refuse(String.valueOf(bad.getMessage()));
            }
          });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ifCurrent(number, () -> onClosed(status));
    }
  }
}
