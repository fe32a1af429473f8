package raftkv.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ForwardRequest;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.raft.NodeId;

/**
 * Writes that one stream passes on, each with who waits for its answer. What is given during a turn
 * of the loop leaves in one message behind it. Owned by the loop; gRPC's thread hands over.
 *
 * <p>Without the receiver's own words nobody knows what became of a write (safety rule 3.4): when
 * the stream ends, or an answer is overdue.
 */
final class ForwardStream extends ClientCall.Listener<ForwardResponse> {
  /** The receiver answers by its deadline; its answer may travel for this long. */
  private static final long MAX_TRAVEL_NANOS = 25_000_000;

  private final NodeId self;
  private final NodeId peer;
  private final EventLoop loop;
  private final Handshake handshake;
  private final ManagedChannel channel;
  private final ClientCall<ForwardRequest, ForwardResponse> call;

  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
  private final Batches<ForwardRequest.Write> unsent = new Batches<>();
  private long lastId;
  private boolean ended;
  private EventLoop.@Nullable Timer timer;

  /** When the timer runs: no later than the first answer is overdue. */
  private long timerNanos;

  private record Waiting(Consumer<ForwardReply> answer, long overdueNanos) {}

  ForwardStream(
      NodeId self, NodeId peer, EventLoop loop, Handshake handshake, ManagedChannel channel) {
    this.self = self;
    this.peer = peer;
    this.loop = loop;
    this.handshake = handshake;
    this.channel = channel;
    this.call = channel.newCall(PeerMethods.FORWARD, CallOptions.DEFAULT);
  }

  void open() {
    call.start(this, new Metadata());
    call.request(1);
  }

  boolean isOpenOn(ManagedChannel wanted) {
    return !ended && channel == wanted;
  }

  /** Sends once, and answers once, on the loop. Only while it is open. */
  void send(Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    long remaining = Math.max(1, request.remainingNanos());
    long patience = remaining + Math.min(remaining / 20, MAX_TRAVEL_NANOS);
    long id = ++lastId;
    long overdueNanos = loop.nowNanos() + patience;
    waiting.put(id, new Waiting(answer, overdueNanos));
    if (timer == null || overdueNanos - timerNanos < 0) {
      runTimerIn(patience);
    }
    if (unsent.isEmpty()) {
      loop.execute(this::flush);
    }
    unsent.add(
        ForwardRequest.Write.newBuilder()
            .setId(id)
            .setCommand(WireBytes.wrap(request.command()))
            .setIdentified(request.identified())
            .setRemainingNanos(remaining)
            .build());
  }

  private void flush() {
    while (!unsent.isEmpty()) {
      call.sendMessage(
          ForwardRequest.newBuilder()
              .setClusterId(WireBytes.ofClusterId(handshake.clusterId()))
              .setSender(self.value())
              .setReceiver(peer.value())
              .addAllWrites(unsent.next())
              .build());
    }
  }

  private void runTimerIn(long delayNanos) {
    stopTimer();
    timer = loop.schedule(this::onTime, delayNanos);
    timerNanos = loop.nowNanos() + delayNanos;
  }

  private void stopTimer() {
    EventLoop.Timer running = timer;
    if (running != null) {
      running.cancel();
      timer = null;
    }
  }

  private void onTime() {
    timer = null;
    long now = loop.nowNanos();
    long next = Long.MAX_VALUE;
    List<Long> overdue = new ArrayList<>();
    for (Map.Entry<Long, Waiting> one : waiting.entrySet()) {
      long left = one.getValue().overdueNanos() - now;
      if (left <= 0) {
        overdue.add(one.getKey());
      } else {
        next = Math.min(next, left);
      }
    }
    if (next != Long.MAX_VALUE) {
      runTimerIn(next);
    }
    overdue.forEach(id -> answer(id, new ForwardReply.Unknown("no answer in time")));
  }

  private void answer(long id, ForwardReply reply) {
    Waiting one = waiting.remove(id);
    if (one != null) {
      one.answer().accept(reply);
    }
  }

  private void answered(ForwardResponse message) {
    for (ForwardResponse.Answer answer : message.getAnswersList()) {
      answer(answer.getId(), ForwardCodec.read(answer));
    }
    if (!ended) {
      call.request(1);
    }
  }

  private void end(Status status) {
    ended = true;
    unsent.clear();
    stopTimer();
    ForwardReply unknown = new ForwardReply.Unknown(LinkFailure.words(status));
    List.copyOf(waiting.keySet()).forEach(id -> answer(id, unknown));
  }

  // On gRPC's thread.

  @Override
  public void onMessage(ForwardResponse message) {
    loop.execute(() -> answered(message));
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    loop.execute(() -> end(status));
  }
}
