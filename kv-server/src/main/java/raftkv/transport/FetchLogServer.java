package raftkv.transport;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.FetchLogRequest;
import raftkv.proto.raft.v1.FetchLogResponse;
import raftkv.raft.NodeId;

/** Takes peers' questions for text that they have lost. */
final class FetchLogServer {
  private static final LogQuestion NONE = new LogQuestion(new raftkv.raft.LogPosition(1, 1), 1);

  private final Handshake handshake;
  private final InboundLinks links;

  FetchLogServer(Handshake handshake, InboundLinks links) {
    this.handshake = handshake;
    this.links = links;
  }

  /** On gRPC's thread. */
  void fetch(FetchLogRequest request, StreamObserver<FetchLogResponse> responses) {
    // With a handler, answering somebody who has given up is no exception any more.
    ((ServerCallStreamObserver<FetchLogResponse>) responses).setOnCancelHandler(() -> {});
    Transport.Receiver receiver = links.receiver();
    try {
      NodeId sender = checked(request);
      LogQuestion question = FetchLogCodec.question(request);
      if (receiver == null) {
        respond(responses, question, new LogPage.Unanswered("not running"));
      } else {
        receiver.logAsked(sender, question, page -> respond(responses, question, page));
      }
    } catch (BadPeerMessage bad) {
      links.warn("refused a question for lost text", String.valueOf(bad.getMessage()));
      respond(responses, NONE, new LogPage.Unanswered("refused: " + bad.getMessage()));
    }
  }

  private NodeId checked(FetchLogRequest request) {
    NodeId sender = MessageReader.node(request.getSender(), "sender");
    String refusal =
        handshake.callRefusal(
            sender, request.getReceiver(), WireBytes.clusterId(request.getClusterId()));
    BadPeerMessage.unless(refusal == null, String.valueOf(refusal));
    return sender;
  }

  /** Once per call, so that nothing has to be guarded. */
  private static void respond(
      StreamObserver<FetchLogResponse> responses, LogQuestion question, LogPage page) {
    responses.onNext(FetchLogCodec.write(question, page));
    responses.onCompleted();
  }
}
