package raftkv.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSource;
import raftkv.proto.raft.v1.InstallSnapshotRequest;
import raftkv.proto.raft.v1.InstallSnapshotResponse;
import raftkv.proto.raft.v1.SnapshotPiece;
import raftkv.raft.Bytes;

/**
 * One snapshot on its way to a peer. At most one piece is being read, and one or two wait for the
 * network: the next is read when the last has gone, and not faster than the limit allows, so that
 * heartbeats and writes keep their share of network, disk and processor. Owned by the loop.
 *
 * <pre>
 *   OFFERED --accepted--> pieces, paced --all sent--> half-closed --outcome--> over
 *      +------- declined, silent, unreadable, link broken ---------------------> over, not delivered
 * </pre>
 */
final class OutgoingSnapshot {
  private static final Logger LOG = LogManager.getLogger(OutgoingSnapshot.class);
  private static final long SECOND = 1_000_000_000L;

  private final SnapshotCodec.Route route;
  private final SnapshotFile file;
  private final SnapshotSource source;
  private final EventLoop loop;
  private final PeerSettings.Limits limits;
  private final Consumer<Boolean> done;

  private long offset;
  private long nextPieceNanos;
  private boolean accepted;
  private boolean reading;
  private boolean wholeSent;
  private boolean over;
  private @Nullable ManagedChannel channel;
  private @Nullable ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> call;
  private EventLoop.@Nullable Timer patience;
  private EventLoop.@Nullable Timer pace;

  OutgoingSnapshot(
      SnapshotCodec.Route route,
      SnapshotFile file,
      SnapshotSource source,
      EventLoop loop,
      PeerSettings.Limits limits,
      Consumer<Boolean> done) {
    this.route = route;
    this.file = file;
    this.source = source;
    this.loop = loop;
    this.limits = limits;
    this.done = done;
  }

  void start(ManagedChannel own) {
    channel = own;
    ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> opened =
        own.newCall(PeerMethods.INSTALL_SNAPSHOT, CallOptions.DEFAULT);
    call = opened;
    opened.start(new Listener(), new Metadata());
    opened.request(3);
    opened.sendMessage(
        InstallSnapshotRequest.newBuilder().setOffer(SnapshotCodec.write(route, file)).build());
    await();
  }

  /** Over, once; later calls change nothing. */
  void end(boolean delivered, String how) {
    if (over) {
      return;
    }
    over = true;
    cancel(patience);
    cancel(pace);
    ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> opened = call;
    if (opened != null) {
      opened.cancel(how, null);
    }
    ManagedChannel own = channel;
    if (own != null) {
      own.shutdownNow();
    }
    LOG.debug("snapshot {} to node {}: {}", file.meta().lastIncluded(), route.receiver(), how);
    done.accept(delivered);
  }

  private void onFrame(InstallSnapshotResponse frame) {
    switch (frame.getFrameCase()) {
      case ACCEPTED -> {
        accepted = true;
        await();
        maybeRead();
      }
      case OUTCOME -> end(frame.getOutcome().getDelivered(), "answered " + frame.getOutcome());
      case FRAME_NOT_SET -> {
        // A newer peer says something that this version does not need to know.
      }
    }
  }

  /** Reads the next piece, if the last is gone and it is time. */
  private void maybeRead() {
    ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> opened = call;
    boolean idle = accepted && !over && !reading && !wholeSent;
    if (!idle || opened == null || !opened.isReady()) {
      return;
    }
    long early = nextPieceNanos - loop.nowNanos();
    if (early > 0) {
      cancel(pace);
      pace = loop.schedule(this::maybeRead, early);
      return;
    }
    reading = true;
    source.read(
        offset, limits.snapshotPieceBytes(), piece -> loop.execute(() -> onPiece(opened, piece)));
  }

  private void onPiece(
      ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> opened, @Nullable Bytes piece) {
    reading = false;
    if (over) {
      return;
    }
    if (piece == null) {
      end(false, "the file cannot be read as it was written");
    } else if (piece.length() > 0) {
      await();
      opened.sendMessage(
          InstallSnapshotRequest.newBuilder()
              .setPiece(
                  SnapshotPiece.newBuilder().setOffset(offset).setContent(WireBytes.wrap(piece)))
              .build());
      offset += piece.length();
      nextPieceNanos =
          Math.max(loop.nowNanos(), nextPieceNanos)
              + piece.length() * SECOND / limits.snapshotBytesPerSecond();
      maybeRead();
    } else if (offset == file.sizeBytes()) {
      wholeSent = true;
      await();
      opened.halfClose();
    } else {
      end(false, "the file ends at " + offset);
    }
  }

  /** The other side moves, or this one does: from here on it may take so long again. */
  private void await() {
    cancel(patience);
    patience = loop.schedule(() -> end(false, "no progress"), limits.snapshotPatienceNanos());
  }

  private static void cancel(EventLoop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** On gRPC's thread. */
  private final class Listener extends ClientCall.Listener<InstallSnapshotResponse> {
    @Override
    public void onReady() {
      loop.execute(OutgoingSnapshot.this::maybeRead);
    }

    @Override
    public void onMessage(InstallSnapshotResponse frame) {
      loop.execute(
          () -> {
            if (!over) {
              onFrame(frame);
            }
          });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      loop.execute(() -> end(false, LinkFailure.words(status)));
    }
  }
}
