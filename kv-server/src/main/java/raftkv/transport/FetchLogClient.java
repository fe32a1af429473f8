package raftkv.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.proto.raft.v1.FetchLogRequest;
import raftkv.proto.raft.v1.FetchLogResponse;
import raftkv.raft.NodeId;

/** Asks one peer for lost text, over the channel of its link. Owned by the loop. */
final class FetchLogClient {
  private static final long DEADLINE_SECONDS = 5;

  private final NodeId self;
  private final NodeId peer;
  private final EventLoop loop;
  private final Handshake handshake;
  private final PeerLink link;

  FetchLogClient(NodeId self, NodeId peer, EventLoop loop, Handshake handshake, PeerLink link) {
    this.self = self;
    this.peer = peer;
    this.loop = loop;
    this.handshake = handshake;
    this.link = link;
  }

  /** Asks once, and answers once, on the loop. */
  void ask(LogQuestion question, Consumer<LogPage> answer) {
    ManagedChannel channel = link.channel();
    if (channel == null) {
      later(answer, new LogPage.Unanswered("no link: " + link.state()));
      return;
    }
    ClientCall<FetchLogRequest, FetchLogResponse> call =
        channel.newCall(
            PeerMethods.FETCH_LOG,
            CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
    call.start(new Listener(question, answer), new Metadata());
    call.request(2);
    call.sendMessage(
        FetchLogRequest.newBuilder()
            .setClusterId(WireBytes.ofClusterId(handshake.clusterId()))
            .setSender(self.value())
            .setReceiver(peer.value())
            .setAnchor(FetchLogCodec.position(question.anchor()))
            .setFromIndex(question.fromIndex())
            .build());
    call.halfClose();
  }

  private void later(Consumer<LogPage> answer, LogPage page) {
    loop.execute(() -> answer.accept(page));
  }

  /** On gRPC's thread. */
  private final class Listener extends ClientCall.Listener<FetchLogResponse> {
    private final LogQuestion question;
    private final Consumer<LogPage> answer;
    private @Nullable FetchLogResponse response;

    Listener(LogQuestion question, Consumer<LogPage> answer) {
      this.question = question;
      this.answer = answer;
    }

    @Override
    public void onMessage(FetchLogResponse message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      FetchLogResponse received = response;
      LogPage page =
          status.isOk() && received != null
              ? FetchLogCodec.read(question, received)
              : new LogPage.Unanswered(LinkFailure.words(status));
      later(answer, page);
    }
  }
}
