package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.SnapshotSink;
import raftkv.port.SnapshotSource;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;

/** Snapshots between two real transports on loopback sockets. */
@Timeout(60)
class SnapshotTransferTest {
  private static final ClusterId RED = new ClusterId(1, 1);
  private static final int PIECE = PeerSettings.Limits.DEFAULT.snapshotPieceBytes();

  private final int port1 = TestLink.freePort();
  private final int port2 = TestLink.freePort();
  private final List<TestLink> open = new ArrayList<>();
  private final Sink sink = new Sink();
  private TestLink one;
  private TestLink two;

  /** Reads from memory; tells how far. */
  private static class Source implements SnapshotSource {
    final byte[] content;
    final AtomicLong readTo = new AtomicLong();

    Source(int size) {
      content = new byte[size];
      new Random(size).nextBytes(content);
    }

    @Override
    public void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece) {
      int size = (int) Math.min(maxBytes, content.length - offset);
      readTo.set(offset + size);
      piece.accept(Bytes.wrap(content, (int) offset, size));
    }

    @Override
    public void close() {}
  }

  /** Keeps what comes; takes the next piece at once, unless it holds. */
  private static final class Sink implements SnapshotSink {
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile boolean holds;
    volatile boolean answer = true;

    @Override
    public void take(Bytes piece, Runnable next) {
      events.add("piece " + piece.length());
      content.writeBytes(piece.toByteArray());
      if (!holds) {
        next.run();
      }
    }

    @Override
    public void finish(Consumer<Boolean> delivered) {
      events.add("finished");
      delivered.accept(answer);
    }

    @Override
    public void abandon() {
      events.add("abandoned");
    }

    String next() throws InterruptedException {
      return String.valueOf(events.poll(20, TimeUnit.SECONDS));
    }

    void awaitAbandoned() throws InterruptedException {
      String event = next();
      while (event.startsWith("piece")) {
        event = next();
      }
      assertThat(event).isEqualTo("abandoned");
    }
  }

  @BeforeEach
  void connect() throws Exception {
    one = node(1, PeerSettings.Limits.DEFAULT);
    two = node(2, PeerSettings.Limits.DEFAULT);
    assertThat(one.nextEvent()).isEqualTo("established 2");
    assertThat(two.nextEvent()).isEqualTo("established 1");
    two.onSnapshot = answer -> answer.accept(new SnapshotAnswer.Take(sink));
  }

  @AfterEach
  void closeAll() {
    open.forEach(TestLink::close);
    assertThat(one.failures).isEmpty();
    assertThat(two.failures).isEmpty();
  }

  @Test
  void arrivesPieceByPieceAsItWas() throws Exception {
    Source source = new Source(3 * PIECE + 123);

    CompletableFuture<Boolean> done = send(source, 7);

    assertThat(done.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(two.nextEvent()).isEqualTo("offered 1@7 " + file(source));
    assertThat(sink.events)
        .containsExactly(
            "piece " + PIECE, "piece " + PIECE, "piece " + PIECE, "piece 123", "finished");
    assertThat(sink.content.toByteArray()).isEqualTo(source.content);
  }

  @Test
  void isNotDeliveredUntilTheReceiverSaysSo() throws Exception {
    sink.answer = false;

    assertThat(send(new Source(10), 7).get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(sink.events).containsExactly("piece 10", "finished");
  }

  @Test
  void isNotSentToOneThatHasItOrDeclines() throws Exception {
    Source source = new Source(10);
    two.onSnapshot = answer -> answer.accept(new SnapshotAnswer.Have());
    assertThat(send(source, 7).get(20, TimeUnit.SECONDS)).isTrue();
    two.onSnapshot = answer -> answer.accept(new SnapshotAnswer.Declined("busy"));
    assertThat(send(source, 7).get(20, TimeUnit.SECONDS)).isFalse();

    assertThat(source.readTo).hasValue(0);
  }

  /** A receiver whose disk is slow stops the sender, and messages pass by what waits. */
  @Test
  void slowReceiverBoundsWhatIsUnderWayAndHoldsUpNoMessage() throws Exception {
    one.close();
    open.remove(one);
    one = node(1, limits(1L << 40, PeerSettings.Limits.DEFAULT.snapshotPatienceNanos()));
    assertThat(one.nextEvent()).isEqualTo("established 2");
    sink.holds = true;
    Source source = new Source(48 << 20);
    CompletableFuture<Boolean> done = send(source, 7);
    assertThat(sink.next()).isEqualTo("piece " + PIECE);

    for (int i = 1; i <= 300; i++) {
      one.send(2, new PeerMessage.Digest(i, new StateHash(i, i)));
      assertThat(two.nextMessage()).isEqualTo(new PeerMessage.Digest(i, new StateHash(i, i)));
    }

    assertThat(source.readTo.get()).isLessThan(16 << 20);
    assertThat(done).isNotDone();
  }

  @Test
  void isNotSentFasterThanAllowed() throws Exception {
    PeerSettings.Limits d = PeerSettings.Limits.DEFAULT;
    one.close();
    open.remove(one);
    one = node(1, limits(1 << 20, d.snapshotPatienceNanos()));
    assertThat(one.nextEvent()).isEqualTo("established 2");
    long begun = System.nanoTime();

    assertThat(send(new Source(3 * PIECE), 7).get(20, TimeUnit.SECONDS)).isTrue();

    assertThat(System.nanoTime() - begun).isGreaterThan(500_000_000L);
  }

  @Test
  void isGivenUpWhenTheReceiverMakesNoProgress() throws Exception {
    one.close();
    open.remove(one);
    one = node(1, limits(64 << 20, 200_000_000L));
    assertThat(one.nextEvent()).isEqualTo("established 2");
    sink.holds = true;

    assertThat(send(new Source(48 << 20), 7).get(20, TimeUnit.SECONDS)).isFalse();
    sink.awaitAbandoned();
  }

  @Test
  void isOneAtATime() throws Exception {
    sink.holds = true;
    CompletableFuture<Boolean> first = send(new Source(4 * PIECE), 7);
    assertThat(sink.next()).isEqualTo("piece " + PIECE);

    assertThat(send(new Source(10), 7).get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(first).isNotDone();
  }

  @Test
  void endsOnBothSidesWhenItIsAbandoned() throws Exception {
    sink.holds = true;
    CompletableFuture<Boolean> done = send(new Source(4 * PIECE), 7);
    assertThat(sink.next()).isEqualTo("piece " + PIECE);

    one.loop.execute(() -> one.transport.abandonSnapshot(new NodeId(2)));

    assertThat(done.get(20, TimeUnit.SECONDS)).isFalse();
    sink.awaitAbandoned();
  }

  @Test
  void endsWithTheLinkWhenTheReceiverDies() throws Exception {
    sink.holds = true;
    CompletableFuture<Boolean> done = send(new Source(4 * PIECE), 7);
    assertThat(sink.next()).isEqualTo("piece " + PIECE);

    two.close();

    assertThat(done.get(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void isAbandonedWhenTheSenderDies() throws Exception {
    sink.holds = true;
    var unused = send(new Source(4 * PIECE), 7);
    assertThat(sink.next()).isEqualTo("piece " + PIECE);

    one.close();

    sink.awaitAbandoned();
  }

  @Test
  void whatCannotBeReadIsNotSent() throws Exception {
    Source source =
        new Source(2 * PIECE) {
          @Override
          public void read(long offset, int maxBytes, Consumer<@Nullable Bytes> piece) {
            if (offset > 0) {
              piece.accept(null);
            } else {
              super.read(offset, maxBytes, piece);
            }
          }
        };

    assertThat(send(source, 7).get(20, TimeUnit.SECONDS)).isFalse();
    sink.awaitAbandoned();
  }

  @Test
  void fileThatIsShorterThanOfferedIsNotDelivered() throws Exception {
    Source source = new Source(100);
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    SnapshotFile longer = new SnapshotFile(file(source).meta(), file(source).hash(), 101);

    one.loop.execute(
        () -> one.transport.sendSnapshot(new NodeId(2), 7, longer, source, done::complete));

    assertThat(done.get(20, TimeUnit.SECONDS)).isFalse();
    sink.awaitAbandoned();
  }

  private TestLink node(int self, PeerSettings.Limits limits) {
    Map<Integer, Integer> peers = self == 1 ? Map.of(2, port2) : Map.of(1, port1);
    int port = self == 1 ? port1 : port2;
    TestLink link =
        new TestLink(TestLink.settings(self, System.nanoTime(), peers, limits), port, RED);
    open.add(link);
    return link.start();
  }

  private static PeerSettings.Limits limits(long bytesPerSecond, long patienceNanos) {
    PeerSettings.Limits d = PeerSettings.Limits.DEFAULT;
    return new PeerSettings.Limits(
        d.inboundMessageBytes(),
        d.queuedBytes(),
        d.connectNanos(),
        d.redialNanos(),
        d.slowRedialNanos(),
        d.pingNanos(),
        d.pingsUnanswered(),
        d.snapshotPieceBytes(),
        bytesPerSecond,
        patienceNanos);
  }

  private CompletableFuture<Boolean> send(Source source, long term) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    one.loop.execute(
        () ->
            one.transport.sendSnapshot(new NodeId(2), term, file(source), source, done::complete));
    return done;
  }

  private static SnapshotFile file(Source source) {
    Roster roster =
        new Roster(
            RED,
            List.of(
                new Roster.Named(new NodeId(1), new Incarnation(1, 2), false),
                new Roster.Named(new NodeId(2), new Incarnation(3, 4), true)));
    return new SnapshotFile(
        new SnapshotMeta(new LogPosition(1_024, 5), roster),
        new StateHash(8, 9),
        source.content.length);
  }
}
