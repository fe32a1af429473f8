package raftkv.transport;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.InstallSnapshotRequest;
import raftkv.proto.raft.v1.InstallSnapshotResponse;
import raftkv.proto.raft.v1.SnapshotAccepted;
import raftkv.proto.raft.v1.SnapshotOutcome;
import raftkv.proto.raft.v1.SnapshotPiece;

/**
 * One snapshot that a peer sends. Frames come on gRPC's thread, one at a time; the node's answers
 * come on any thread: what both touch is guarded by this.
 */
final class IncomingSnapshot implements StreamObserver<InstallSnapshotRequest> {
  private final SnapshotServer server;
  private final ServerCallStreamObserver<InstallSnapshotResponse> responses;

  /** Of gRPC's thread alone. */
  private @Nullable SnapshotFile file;

  private long offset;

  /** Guarded by this: where the pieces go, from the acceptance to the end of the pieces. */
  private @Nullable SnapshotSink sink;

  private boolean over;

  IncomingSnapshot(
      SnapshotServer server, ServerCallStreamObserver<InstallSnapshotResponse> responses) {
    this.server = server;
    this.responses = responses;
  }

  @Override
  public void onNext(InstallSnapshotRequest frame) {
    if (isOver()) {
      return;
    }
    try {
      SnapshotFile offered = file;
      if (offered == null) {
        onOffer(frame);
      } else {
        onPiece(frame, offered);
      }
    } catch (BadPeerMessage bad) {
      fail(Status.INVALID_ARGUMENT, String.valueOf(bad.getMessage()));
    }
  }

  private void onOffer(InstallSnapshotRequest frame) {
    BadPeerMessage.unless(frame.hasOffer(), "the first message is no offer");
    SnapshotCodec.Route route = SnapshotCodec.route(frame.getOffer());
    SnapshotFile offered = SnapshotCodec.file(frame.getOffer());
    String refusal = server.refusal(route, offered.meta().roster().clusterId());
    Transport.Receiver receiver = server.receiver();
    if (refusal != null) {
      server.warn(route.sender(), refusal);
      fail(Status.FAILED_PRECONDITION, refusal);
    } else if (receiver == null) {
      fail(Status.UNAVAILABLE, "starting or stopping");
    } else {
      file = offered;
      receiver.snapshotOffered(route.sender(), route.term(), offered, this::onAnswer);
    }
  }

  /** On any thread. */
  private void onAnswer(SnapshotAnswer answer) {
    if (answer instanceof SnapshotAnswer.Take take) {
      accept(take.sink());
    } else if (answer instanceof SnapshotAnswer.Declined declined) {
      finish(false, declined.why());
    } else {
      finish(true, "all of it is here");
    }
  }

  private void accept(SnapshotSink taken) {
    synchronized (this) {
      if (!over) {
        sink = taken;
        responses.onNext(
            InstallSnapshotResponse.newBuilder()
                .setAccepted(SnapshotAccepted.getDefaultInstance())
                .build());
        responses.request(1);
        return;
      }
    }
    taken.abandon();
  }

  private void onPiece(InstallSnapshotRequest frame, SnapshotFile offered) {
    BadPeerMessage.unless(frame.hasPiece(), "no piece of the snapshot");
    SnapshotPiece piece = frame.getPiece();
    int size = piece.getContent().size();
    SnapshotSink target = sink();
    BadPeerMessage.unless(target != null, "a piece before the offer was accepted");
    BadPeerMessage.unless(piece.getOffset() == offset, "pieces are not contiguous");
    BadPeerMessage.unless(size > 0 && size <= server.maxPieceBytes(), "size of a piece");
    BadPeerMessage.unless(offset + size <= offered.sizeBytes(), "more than was offered");
    offset += size;
    if (target != null) {
      target.take(WireBytes.unwrap(piece.getContent()), () -> responses.request(1));
    }
  }

  /** The caller has sent all. */
  @Override
  public void onCompleted() {
    SnapshotFile offered = file;
    SnapshotSink target = takeSink();
    if (target == null || offered == null) {
      finish(false, "nothing was sent");
    } else if (offset < offered.sizeBytes()) {
      target.abandon();
      finish(false, "it ends at " + offset);
    } else {
      target.finish(delivered -> finish(delivered, delivered ? "" : "it was refused"));
    }
  }

  @Override
  public void onError(Throwable broken) {
    gone();
  }

  /** The connection broke, or the caller gave up. */
  void gone() {
    synchronized (this) {
      over = true;
    }
    abandon();
  }

  private void fail(Status status, String sentence) {
    synchronized (this) {
      if (!over) {
        over = true;
        responses.onError(status.withDescription(sentence).asRuntimeException());
      }
    }
    abandon();
  }

  private synchronized void finish(boolean delivered, String detail) {
    if (!over) {
      over = true;
      responses.onNext(
          InstallSnapshotResponse.newBuilder()
              .setOutcome(SnapshotOutcome.newBuilder().setDelivered(delivered).setDetail(detail))
              .build());
      responses.onCompleted();
    }
  }

  private void abandon() {
    SnapshotSink target = takeSink();
    if (target != null) {
      target.abandon();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized @Nullable SnapshotSink sink() {
    return sink;
  }

  private synchronized @Nullable SnapshotSink takeSink() {
    SnapshotSink taken = sink;
    sink = null;
    return taken;
  }
}
