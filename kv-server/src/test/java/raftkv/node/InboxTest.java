package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.port.EventLoop;
import raftkv.port.PeerMessage;
import raftkv.port.StateHash;
import raftkv.raft.Bytes;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;

/** Three lanes with limits, and one wake-up for many arrivals (decisions §1). */
class InboxTest {
  private static final NodeId SELF = new NodeId(1);
  private static final NodeId PEER = new NodeId(2);

  private final VirtualTime time = new VirtualTime();
  private final List<String> turns = new ArrayList<>();

  private Inbox inbox(int peerMessages, int peerBytes, int requests, int turnRequests) {
    return inbox(time.new Loop(), peerMessages, peerBytes, requests, turnRequests);
  }

  private static Inbox inbox(
      EventLoop loop, int peerMessages, int peerBytes, int requests, int turnRequests) {
    RaftConfig raft = RaftConfig.of(SELF, List.of(SELF, PEER), new EntryCodec(), Bytes.EMPTY);
    NodeConfig config =
        new NodeConfig(
            raft,
            peerMessages,
            peerBytes,
            requests,
            1_000,
            100,
            turnRequests,
            100,
            1_000,
            1_000,
            1,
            1,
            1,
            SnapshotPolicy.DEFAULT);
    return new Inbox(loop, config);
  }

  private static PeerMessage digest(long index) {
    return new PeerMessage.Digest(index, StateHash.EMPTY);
  }

  @Test
  void manyArrivalsCostOneTurn() {
    Inbox inbox = inbox(10, 1_000, 10, 10);
    inbox.onArrival(
        () -> {
          turns.add("turn");
          inbox.turnBegins();
        });
    for (int i = 0; i < 5; i++) {
      inbox.persisted(i);
      inbox.fromPeer(PEER, digest(i), 1);
    }
    time.pass(1);
    assertThat(turns).hasSize(1);

    inbox.persisted(9);
    time.pass(1);
    assertThat(turns).hasSize(2);
  }

  /** A network that is read by the loop's thread is read between timers, not between tasks. */
  @Test
  void turnsThatFollowEachOtherLetTheNetworkBeRead() {
    List<String> asked = new ArrayList<>();
    EventLoop loop =
        new EventLoop() {
          @Override
          public long nowNanos() {
            return 0;
          }

          @Override
          public void execute(Runnable task) {
            asked.add("task");
          }

          @Override
          public Timer schedule(Runnable task, long delayNanos) {
            asked.add("timer " + delayNanos);
            return () -> {};
          }
        };
    Inbox inbox = inbox(loop, 10, 1_000, 10, 10);
    inbox.onArrival(() -> {});

    for (long micros : List.of(0, 900, 1_900, 2_000, 2_100, 4_099, 4_100)) {
      inbox.turnBegins();
      inbox.again(micros * 1_000);
    }
    inbox.turnBegins();
    inbox.wake();
    inbox.turnBegins();
    inbox.again(9_000_000);

    assertThat(asked)
        .containsExactly(
            "task", "task", "task", "task", "timer 0", "task", "task", "timer 0", "task", "task");
  }

  @Test
  void arrivalDuringTurnAsksForAnother() {
    Inbox inbox = inbox(10, 1_000, 10, 10);
    inbox.onArrival(
        () -> {
          inbox.turnBegins();
          turns.add("turn");
          if (turns.size() == 1) {
            inbox.persisted(1);
          }
        });
    time.pass(1);

    assertThat(turns).hasSize(2);
  }

  @Test
  void newestMessageIsDroppedWhenThePeersLaneIsFull() {
    Inbox inbox = inbox(3, 1_000, 10, 10);
    for (int i = 1; i <= 5; i++) {
      inbox.fromPeer(PEER, digest(i), 1);
    }

    assertThat(inbox.waitingFrom(PEER)).isEqualTo(3);
    assertThat(inbox.takeFrom(PEER)).isEqualTo(digest(1));
  }

  @Test
  void peersLaneIsBoundedInBytesButTakesOneMessageOfAnySize() {
    Inbox inbox = inbox(100, 1_000, 10, 10);
    inbox.fromPeer(PEER, digest(1), 5_000);
    inbox.fromPeer(PEER, digest(2), 1);
    assertThat(inbox.waitingFrom(PEER)).isEqualTo(1);

    inbox.takeFrom(PEER);
    inbox.fromPeer(PEER, digest(3), 600);
    inbox.fromPeer(PEER, digest(4), 600);

    assertThat(inbox.waitingFrom(PEER)).isEqualTo(1);
  }

  @Test
  void messageOfNobodysMemberIsIgnored() {
    Inbox inbox = inbox(3, 1_000, 10, 10);
    inbox.fromPeer(new NodeId(9), digest(1), 1);
    inbox.linkLost(new NodeId(9));

    assertThat(inbox.waitingFrom(new NodeId(9))).isZero();
    assertThat(inbox.takeLinkLost(new NodeId(9))).isFalse();
  }

  @Test
  void completionsAreNeverRefusedAndCumulate() {
    Inbox inbox = inbox(1, 1, 1, 1);
    inbox.offerRequest(1, () -> {});
    inbox.fromPeer(PEER, digest(1), 1);
    for (long ticket = 1; ticket <= 10_000; ticket++) {
      inbox.persisted(ticket);
    }
    inbox.linkLost(PEER);
    inbox.linkLost(PEER);

    assertThat(inbox.persistedTicket()).isEqualTo(10_000);
    assertThat(inbox.takeLinkLost(PEER)).isTrue();
    assertThat(inbox.takeLinkLost(PEER)).isFalse();
  }

  @Test
  void requestIsRefusedWhenTheLaneIsFull() {
    Inbox inbox = inbox(1, 1, 2, 10);
    assertThat(inbox.offerRequest(1, () -> {})).isTrue();
    assertThat(inbox.offerRequest(1, () -> {})).isTrue();
    assertThat(inbox.offerRequest(1, () -> {})).isFalse();

    inbox.runRequests();
    assertThat(inbox.offerRequest(1, () -> {})).isTrue();
  }

  @Test
  void turnTakesOnlySoManyRequestsAndSoManyBytes() {
    Inbox inbox = inbox(1, 1, 100, 4);
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      inbox.offerRequest(1, () -> ran.add(number));
    }
    assertThat(inbox.runRequests()).isTrue();
    assertThat(ran).containsExactly(0, 1, 2, 3);

    ran.clear();
    Inbox large = inbox(1, 1, 100, 10);
    for (int i = 0; i < 10; i++) {
      int number = i;
      large.offerRequest(60, () -> ran.add(number));
    }
    assertThat(large.runRequests()).isTrue();
    assertThat(ran).containsExactly(0, 1);
  }
}
