package raftkv.transport;

import io.grpc.ManagedChannel;
import io.grpc.Status;
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
  private static final long DEADLINE_NANOS = 5_000_000_000L;

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
    UnaryCall.send(
        channel,
        PeerMethods.FETCH_LOG,
        DEADLINE_NANOS,
        FetchLogRequest.newBuilder()
            .setClusterId(WireBytes.ofClusterId(handshake.clusterId()))
            .setSender(self.value())
            .setReceiver(peer.value())
            .setAnchor(FetchLogCodec.position(question.anchor()))
            .setFromIndex(question.fromIndex())
            .build(),
        (status, response) -> later(answer, page(question, status, response)));
  }

  private static LogPage page(
      LogQuestion question, Status status, @Nullable FetchLogResponse response) {
    return status.isOk() && response != null
        ? FetchLogCodec.read(question, response)
        : new LogPage.Unanswered(LinkFailure.words(status));
  }

  private void later(Consumer<LogPage> answer, LogPage page) {
    loop.execute(() -> answer.accept(page));
  }
}
