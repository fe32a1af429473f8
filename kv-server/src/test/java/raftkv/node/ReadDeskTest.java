package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import raftkv.node.ReadRequest.Linearizable;
import raftkv.node.ReadRequest.Stale;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.DurableState;
import raftkv.raft.EntryKind;
import raftkv.raft.Envelope;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.RaftMessage;
import raftkv.raft.RaftNode;
import raftkv.raft.ReadOutcome;
import raftkv.raft.Ready;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;
import raftkv.raft.Write;
import raftkv.raft.Xoshiro256;

/** Reads that nobody confirms: they are answered at their deadline, and then let go. */
class ReadDeskTest {
  private static final long MILLI = VirtualTime.MILLI;
  private static final NodeId SELF = new NodeId(1);
  private static final NodeId LEADER = new NodeId(2);

  private final EntryCodec codec = new EntryCodec();
  private final RaftNode raft = node();
  private final Situation situation =
      new Situation(NodeConfig.of(config()), raft, 0, null, () -> this.now, () -> {});
  private final TextMachine machine = new TextMachine();
  private final ReadDesk desk = new ReadDesk(situation, machine, new IndexWaiters());
  private long now;

  private RaftConfig config() {
    List<NodeId> members = List.of(SELF, LEADER, new NodeId(3));
    return RaftConfig.of(SELF, members, codec, Bytes.EMPTY);
  }

  private RaftNode node() {
    return RaftNode.restore(config(), DurableState.BLANK, new Xoshiro256(1), 0);
  }

  @BeforeEach
  void somethingIsApplied() {
    machine.apply(codec.encode(new LogPosition(1, 1), EntryKind.NOOP, Bytes.EMPTY));
  }

  private Answer<ReadAnswer> read(long millis) {
    Answer<ReadAnswer> answer = new Answer<>();
    desk.begin(new ReadRequest(new Linearizable(), now + millis * MILLI), answer);
    return answer;
  }

  /** What the core says in a turn a millisecond later. Its timers never run out here. */
  private Ready turn() {
    now += MILLI;
    situation.tick(now);
    raft.tick(now);
    situation.deadlines.expire(now);
    desk.ask();
    Ready ready = raft.takeReady();
    Write write = ready.write();
    if (write != null) {
      raft.persisted(write.ticket());
    }
    for (ReadOutcome outcome : ready.reads()) {
      desk.onOutcome(outcome);
    }
    return ready;
  }

  private void leaderSays(RaftMessage message) {
    raft.step(new Envelope(LEADER, SELF, 1, message));
  }

  private void leaderIsHeard() {
    leaderSays(new RaftMessage.AppendEntries(LogPosition.ZERO, List.of(), 0, 1, 0, false));
  }

  private static List<RaftMessage.ReadIndex> questions(Ready ready) {
    return ready.messages().stream()
        .map(Envelope::message)
        .filter(RaftMessage.ReadIndex.class::isInstance)
        .map(RaftMessage.ReadIndex.class::cast)
        .toList();
  }

  @Test
  void whatWasAnsweredWithoutALeaderIsNotKept() {
    Answer<ReadAnswer> patient = read(3_600_000);
    for (int i = 0; i < 10_000; i++) {
      read(10);
      turn();
      assertThat(desk.held()).isLessThan(25);
    }
    for (int i = 0; i < 10; i++) {
      turn();
    }

    assertThat(situation.openRequests()).isEqualTo(1);
    assertThat(desk.held()).isLessThan(3);
    assertThat(patient.isThere()).isFalse();
  }

  /** As on a node that does not count, and whose leader is gone: it never looks for another. */
  @Test
  void ofALeaderThatNeverAnswersLittleIsAsked() {
    leaderIsHeard();
    turn();
    int asked = 0;
    for (int i = 0; i < 5_000; i++) {
      read(10);
      asked += questions(turn()).size();
    }
    for (int i = 0; i < 10; i++) {
      turn();
    }

    assertThat(asked).isBetween(1_000, 1_100);
    assertThat(desk.held()).isZero();
    assertThat(situation.openRequests()).isZero();
  }

  @Test
  void leaderThatAnswersAtLastIsAskedAgain() {
    leaderIsHeard();
    turn();
    for (int i = 0; i < 5_000; i++) {
      read(10);
      turn();
    }
    Answer<ReadAnswer> late = read(1_000);
    assertThat(questions(turn())).isEmpty();

    leaderIsHeard();
    long repeated = questions(turn()).get(0).question();
    leaderSays(new RaftMessage.ReadIndexReply(repeated, 1));
    turn();
    assertThat(late.isThere()).isFalse();
    long own = questions(turn()).get(0).question();
    leaderSays(new RaftMessage.ReadIndexReply(own, 1));
    turn();

    assertThat(late.get()).isEqualTo(new ReadAnswer.ReadNow(1));
    assertThat(situation.openRequests()).isZero();
  }

  /** Its caller has named no index: it is told that this node lags behind. */
  @Test
  void confirmedReadThatIsNotAppliedInTimeIsNotOfAFutureIndex() {
    leaderIsHeard();
    turn();
    Answer<ReadAnswer> read = read(100);
    long question = questions(turn()).get(0).question();
    leaderSays(new RaftMessage.ReadIndexReply(question, 5));
    for (int i = 0; i < 200; i++) {
      turn();
    }

    assertThat(read.isThere()).isTrue();
    assertThat(read.get())
        .isEqualTo(new ReadAnswer.NotReady("recovering: applying what is committed"));
    assertThat(situation.openRequests()).isZero();
  }

  /** What the core knows of, and the state machine has not got yet, is not fresh. */
  @Test
  void boundedStaleReadBeforeTheSnapshotIsRestoredIsRefused() {
    leaderIsHeard();
    turn();
    Roster roster = new Roster(new ClusterId(1, 2), List.of());
    raft.snapshotArrived(LEADER, 1, new SnapshotMeta(new LogPosition(5, 1), roster));
    leaderSays(new RaftMessage.AppendEntries(new LogPosition(5, 1), List.of(), 5, 2, 0, false));
    assertThat(raft.view().freshAsOfNanos()).isNotNegative();

    assertThat(readStale().get()).isEqualTo(new ReadAnswer.TooStale(-1, LEADER));

    for (long index = 2; index <= 5; index++) {
      machine.apply(codec.encode(new LogPosition(index, 1), EntryKind.NOOP, Bytes.EMPTY));
    }
    assertThat(readStale().get()).isEqualTo(new ReadAnswer.ReadNow(5));
  }

  private Answer<ReadAnswer> readStale() {
    Answer<ReadAnswer> answer = new Answer<>();
    desk.begin(new ReadRequest(new Stale(0, 1_000 * MILLI), now + 1_000 * MILLI), answer);
    return answer;
  }
}
