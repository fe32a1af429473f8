package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;
import raftkv.proto.raft.v1.AppendEntries;
import raftkv.proto.raft.v1.CoreMessage;
import raftkv.proto.raft.v1.ExchangeRequest;
import raftkv.proto.raft.v1.ExchangeResponse;
import raftkv.proto.raft.v1.Hello;
import raftkv.proto.raft.v1.LogPosition;
import raftkv.proto.raft.v1.Ping;
import raftkv.proto.raft.v1.RaftPeerGrpc;
import raftkv.raft.ClusterId;

@Timeout(60)
class LinksTest {
  private static final ClusterId RED = TwoNodes.RED;
  private static final ClusterId BLUE = new ClusterId(2, 2);

  private final TwoNodes nodes = new TwoNodes();
  private final TestLink one = nodes.one;

  @AfterEach
  void closeAll() throws Exception {
    nodes.closeAll();
  }

  @Test
  void messagesTravelInOrderOnceBothSidesSaidHello() throws Exception {
    TestLink two = nodes.linked(RED);

    for (int i = 1; i <= 100; i++) {
      one.send(2, digest(i));
    }

    for (int i = 1; i <= 100; i++) {
      assertThat(two.nextMessage()).isEqualTo(digest(i));
    }
  }

  @Test
  void killedPeerIsReportedOnceADirectionAndLinkedAgainWhenItIsBack() throws Exception {
    TestLink two = nodes.linked(RED);
    assertThat(two.nextEvent()).isEqualTo("established 1");

    two.close();
    assertThat(one.nextEvent()).isEqualTo("lost 2");
    assertThat(one.nextEvent()).isEqualTo("lost 2");
    Awaitility.await().until(() -> one.linkState(2).equals("refused"));
    TestLink again = nodes.start(2, 23, RED);

    assertThat(one.nextEvent()).isEqualTo("established 2");
    assertThat(again.nextEvent()).isEqualTo("established 1");
    one.send(2, digest(5));
    assertThat(again.nextMessage()).isEqualTo(digest(5));
  }

  @Test
  void whatIsSentWithoutLinkReachesNoLaterRun() throws Exception {
    one.send(2, digest(1));
    TestLink two = nodes.linked(RED);
    one.send(2, digest(2));

    assertThat(two.nextMessage()).isEqualTo(digest(2));
  }

  @Test
  void nodeOfAnotherClusterIsRefusedByBoth() throws Exception {
    TestLink two = nodes.start(2, 22, BLUE);

    Awaitility.await().until(() -> one.linkState(2).equals("refused: does not fit"));
    Awaitility.await().until(() -> two.linkState(1).equals("refused: does not fit"));

    assertThat(one.events).isEmpty();
    assertThat(two.events).isEmpty();
  }

  @Test
  void nodeThatDoesNotKnowItsClusterYetIsTaken() throws Exception {
    TestLink two = nodes.start(2, 22, null);

    assertThat(one.nextEvent()).isEqualTo("established 2");
    assertThat(two.nextEvent()).isEqualTo("established 1");
  }

  @Test
  void clusterLearntLaterIsAnnouncedAndADifferentOneEndsTheLinks() throws Exception {
    TestLink two = nodes.start(2, 22, null);
    assertThat(one.nextEvent()).isEqualTo("established 2");
    assertThat(two.nextEvent()).isEqualTo("established 1");

    two.loop.execute(() -> two.transport.clusterIdKnown(BLUE));

    assertThat(one.nextEvent()).isEqualTo("lost 2");
    Awaitility.await().until(() -> one.linkState(2).equals("refused: does not fit"));
    Awaitility.await().until(() -> two.linkState(1).equals("refused: does not fit"));
  }

  @Test
  void theSameClusterLearntLaterChangesNothing() throws Exception {
    TestLink two = nodes.start(2, 22, null);
    assertThat(one.nextEvent()).isEqualTo("established 2");
    assertThat(two.nextEvent()).isEqualTo("established 1");

    two.loop.execute(() -> two.transport.clusterIdKnown(RED));
    two.send(1, digest(3));

    assertThat(one.nextMessage()).isEqualTo(digest(3));
    assertThat(one.events).isEmpty();
  }

  @Test
  void nodeUnderAWrongIdIsRefused() throws Exception {
    TestLink three =
        nodes.started(
            new TestLink(
                TestLink.settings(3, 33, Map.of(1, nodes.port1, 2, nodes.port2)),
                nodes.port2,
                RED));

    Awaitility.await().until(() -> one.linkState(2).equals("refused: does not fit"));
    Awaitility.await().until(() -> three.linkState(1).equals("refused: does not fit"));
  }

  @Test
  void peerWithOtherMembersIsRefused() throws Exception {
    TestLink two =
        nodes.started(
            new TestLink(
                TestLink.settings(2, 22, Map.of(1, nodes.port1, 3, TestLink.freePort())),
                nodes.port2,
                RED));

    Awaitility.await().until(() -> two.linkState(1).equals("refused: does not fit"));

    assertThat(one.events).isEmpty();
  }

  @Test
  void streamThatBeginsWithoutHelloIsClosed() throws Exception {
    Status status = statusOf(requests -> requests.onNext(heartbeat(3, 1)));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(one.messages).isEmpty();
  }

  @Test
  void badMessageClosesTheStreamAndReachesNobody() throws Exception {
    Status status =
        statusOf(
            requests -> {
              requests.onNext(hello(1));
              requests.onNext(heartbeat(0, 1));
            });

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("no leader in term 0");
    assertThat(one.messages).isEmpty();
  }

  @Test
  void damagedEntryClosesTheStream() throws Exception {
    Status status =
        statusOf(
            requests -> {
              requests.onNext(hello(1));
              requests.onNext(
                  ExchangeRequest.newBuilder()
                      .setCore(
                          CoreMessage.newBuilder()
                              .setTerm(1)
                              .setAppendEntries(
                                  AppendEntries.newBuilder()
                                      .setPrev(LogPosition.getDefaultInstance())
                                      .setRound(1)
                                      .addEntries(ByteString.copyFrom(new byte[40]))))
                      .build());
            });

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("damaged entry");
  }

  @Test
  void newerStreamOfAPeerEndsTheOlderOne() throws Exception {
    CompletableFuture<Status> older = new CompletableFuture<>();
    StreamObserver<ExchangeRequest> first = stream(older);
    first.onNext(hello(1));
    first.onNext(heartbeat(3, 1));
    assertThat(one.nextMessage()).isNotNull();

    StreamObserver<ExchangeRequest> second = stream(new CompletableFuture<>());
    second.onNext(hello(2));
    second.onNext(heartbeat(3, 2));

    assertThat(older.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(one.nextMessage()).isNotNull();
    assertThat(one.events).isEmpty();
  }

  @Test
  void brokenStreamOfAPeerIsReported() throws Exception {
    StreamObserver<ExchangeRequest> requests = stream(new CompletableFuture<>());
    requests.onNext(hello(1));
    requests.onNext(heartbeat(3, 1));
    assertThat(one.nextMessage()).isNotNull();
    requests.onError(Status.CANCELLED.asRuntimeException());

    assertThat(one.nextEvent()).isEqualTo("lost 2");
  }

  @Test
  void endOfAPeersStreamIsReportedBehindItsMessages() throws Exception {
    StreamObserver<ExchangeRequest> requests = stream(new CompletableFuture<>());
    requests.onNext(hello(1));
    requests.onNext(heartbeat(3, 1));
    requests.onCompleted();

    assertThat(one.nextEvent()).isEqualTo("lost 2");
    assertThat(one.messages).hasSize(1);
  }

  @Test
  void olderStreamOfTheSameRunIsNotTakenBehindANewerOne() throws Exception {
    StreamObserver<ExchangeRequest> newer = stream(new CompletableFuture<>());
    newer.onNext(hello(2));
    newer.onNext(heartbeat(3, 1));
    assertThat(one.nextMessage()).isNotNull();

    Status status = statusOf(requests -> requests.onNext(hello(1)));

    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void pingIsAnsweredWithItsNumber() throws Exception {
    CompletableFuture<Long> number = new CompletableFuture<>();
    StreamObserver<ExchangeRequest> requests =
        stub()
            .exchange(
                new Responses(
                    response -> {
                      if (response.hasPong()) {
                        number.complete(response.getPong().getNumber());
                      }
                    },
                    new CompletableFuture<>()));

    requests.onNext(hello(1));
    requests.onNext(ExchangeRequest.newBuilder().setPing(Ping.newBuilder().setNumber(77)).build());

    assertThat(number.get(20, TimeUnit.SECONDS)).isEqualTo(77);
  }

  private static PeerMessage digest(long index) {
    return new PeerMessage.Digest(index, new StateHash(index, -index));
  }

  private static ExchangeRequest hello(long linkNumber) {
    return ExchangeRequest.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setSender(2)
                .setReceiver(1)
                .addMembers(1)
                .addMembers(2)
                .setMinProtocol(1)
                .setMaxProtocol(1)
                .setRun(99)
                .setLinkNumber(linkNumber))
        .build();
  }

  private static ExchangeRequest heartbeat(long term, long round) {
    return ExchangeRequest.newBuilder()
        .setCore(
            CoreMessage.newBuilder()
                .setTerm(term)
                .setAppendEntries(AppendEntries.newBuilder().setRound(round)))
        .build();
  }

  /** What a stream of node 2 ends with. */
  private Status statusOf(Consumer<StreamObserver<ExchangeRequest>> story) throws Exception {
    CompletableFuture<Status> status = new CompletableFuture<>();
    story.accept(stream(status));
    return status.get(20, TimeUnit.SECONDS);
  }

  private StreamObserver<ExchangeRequest> stream(CompletableFuture<Status> status) {
    return stub().exchange(new Responses(response -> {}, status));
  }

  private RaftPeerGrpc.RaftPeerStub stub() {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", nodes.port1).usePlaintext().build();
    nodes.closeLater(channel::shutdownNow);
    return RaftPeerGrpc.newStub(channel);
  }

  private record Responses(Consumer<ExchangeResponse> onResponse, CompletableFuture<Status> status)
      implements StreamObserver<ExchangeResponse> {
    @Override
    public void onNext(ExchangeResponse response) {
      onResponse.accept(response);
    }

    @Override
    public void onError(Throwable broken) {
      status.complete(Status.fromThrowable(broken));
    }

    @Override
    public void onCompleted() {
      status.complete(Status.OK);
    }
  }
}
