package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.StateHash;
import raftkv.proto.raft.v1.InstallSnapshotRequest;
import raftkv.proto.raft.v1.InstallSnapshotResponse;
import raftkv.proto.raft.v1.SnapshotPiece;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;

/** What a correct member would not send of a snapshot ends the call, and nothing is installed. */
@Timeout(60)
class BadSnapshotTest {
  private static final ClusterId RED = new ClusterId(1, 1);
  private static final ClusterId BLUE = new ClusterId(2, 2);

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private TestLink two;
  private NettyLoop netty;
  private ManagedChannel channel;
  private ClientCall<InstallSnapshotRequest, InstallSnapshotResponse> call;

  @BeforeEach
  void start() {
    int port = TestLink.freePort();
    two = new TestLink(TestLink.settings(2, 22, Map.of(1, TestLink.freePort())), port, RED).start();
    two.onSnapshot = answer -> answer.accept(new SnapshotAnswer.Take(new NotingSink()));
    netty = new NettyLoop("kv-test-net");
    channel = netty.channelTo(new PeerAddress("127.0.0.1", port)).get();
    call = channel.newCall(PeerMethods.INSTALL_SNAPSHOT, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(InstallSnapshotResponse frame) {
            events.add(
                frame.hasAccepted()
                    ? "accepted"
                    : "delivered " + frame.getOutcome().getDelivered());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            events.add(status.getCode() + " " + status.getDescription());
          }
        },
        new Metadata());
    call.request(10);
  }

  @AfterEach
  void end() {
    channel.shutdownNow();
    netty.close();
    two.close();
  }

  @Test
  void beginsWithAnOffer() throws Exception {
    piece(0, 10);

    assertThat(next()).isEqualTo("INVALID_ARGUMENT the first message is no offer");
  }

  @Test
  void isOfThisCluster() throws Exception {
    offer(1, 2, BLUE, 100);

    assertThat(next()).startsWith("FAILED_PRECONDITION node 1 belongs to cluster");
  }

  @Test
  void isForThisNodeAndFromAMember() throws Exception {
    offer(1, 3, RED, 100);

    assertThat(next()).isEqualTo("FAILED_PRECONDITION it was meant for node 3");
  }

  @Test
  void comesFromAMember() throws Exception {
    offer(9, 2, RED, 100);

    assertThat(next()).isEqualTo("FAILED_PRECONDITION node 9 is no member");
  }

  @Test
  void hasNoGap() throws Exception {
    accepted(100);
    taken(0, 10);
    piece(11, 10);

    assertAbandonedWith("INVALID_ARGUMENT pieces are not contiguous");
  }

  @Test
  void repeatsNothing() throws Exception {
    accepted(100);
    taken(0, 10);
    piece(0, 10);

    assertAbandonedWith("INVALID_ARGUMENT pieces are not contiguous");
  }

  @Test
  void isNoLongerThanOffered() throws Exception {
    accepted(15);
    piece(0, 16);

    assertAbandonedWith("INVALID_ARGUMENT more than was offered");
  }

  @Test
  void isNotDeliveredWhenItEndsEarly() throws Exception {
    accepted(15);
    taken(0, 10);
    call.halfClose();

    assertThat(next()).isEqualTo("abandoned");
    assertThat(next()).isEqualTo("delivered false");
  }

  private void assertAbandonedWith(String status) throws Exception {
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("abandoned", status);
  }

  private String next() throws InterruptedException {
    return String.valueOf(events.poll(20, TimeUnit.SECONDS));
  }

  private void accepted(long size) throws InterruptedException {
    offer(1, 2, RED, size);
    assertThat(next()).isEqualTo("accepted");
  }

  private void taken(long offset, int size) throws InterruptedException {
    piece(offset, size);
    assertThat(next()).isEqualTo("piece " + size);
  }

  private void offer(int sender, int receiver, ClusterId cluster, long size) {
    Roster roster =
        new Roster(cluster, List.of(new Roster.Named(new NodeId(1), new Incarnation(1, 2), false)));
    SnapshotFile file =
        new SnapshotFile(
            new SnapshotMeta(new LogPosition(1_024, 5), roster), new StateHash(8, 9), size);
    call.sendMessage(
        InstallSnapshotRequest.newBuilder()
            .setOffer(
                SnapshotCodec.write(
                    new SnapshotCodec.Route(new NodeId(sender), new NodeId(receiver), 7), file))
            .build());
  }

  private void piece(long offset, int size) {
    call.sendMessage(
        InstallSnapshotRequest.newBuilder()
            .setPiece(
                SnapshotPiece.newBuilder()
                    .setOffset(offset)
                    .setContent(ByteString.copyFrom(new byte[size])))
            .build());
  }

  private final class NotingSink implements SnapshotSink {
    @Override
    public void take(Bytes piece, Runnable next) {
      events.add("piece " + piece.length());
      next.run();
    }

    @Override
    public void finish(Consumer<Boolean> delivered) {
      delivered.accept(true);
    }

    @Override
    public void abandon() {
      events.add("abandoned");
    }
  }
}
