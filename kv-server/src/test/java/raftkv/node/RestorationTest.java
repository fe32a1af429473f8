package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.node.VirtualTime.MILLI;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import raftkv.node.Restoration.Outcome;
import raftkv.port.EntryCodec;
import raftkv.port.ForwardReply;
import raftkv.port.LogFragments;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.raft.Bytes;
import raftkv.raft.EntryKind;
import raftkv.raft.Envelope;
import raftkv.raft.HardState;
import raftkv.raft.Incarnation;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftConfig;
import raftkv.raft.RaftMessage;

/** Safety §6.2 to 6.5: node 1 has lost entries 3 and 4 of six; 2 and 3 answer as they are told. */
final class RestorationTest {
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);
  private static final HardState HARD_STATE = new HardState(5, TWO, new Incarnation(7, 7), true);
  private static final LogPosition ANCHOR = new LogPosition(5, 4);

  private final VirtualTime time = new VirtualTime();
  private final MemoryNetwork network = new MemoryNetwork(time);
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Map<NodeId, Function<LogQuestion, LogPage>> pages = new LinkedHashMap<>();
  private final List<LogQuestion> asked = new ArrayList<>();
  private Restoration restoration = restoration(found(false));

  @Test
  void takesLostTextFromAPeerWhoseLogContainsTheAnchor() {
    answers(TWO, question -> new LogPage.Text(List.of(entry(3, 2), entry(4, 4)), 6));

    run();

    assertThat(asked.get(0)).isEqualTo(new LogQuestion(ANCHOR, 3));
    LogFragments text = healed();
    assertThat(text.entries()).containsExactly(all());
    assertThat(text.hardState()).isEqualTo(HARD_STATE);
    assertThat(text.last()).isEqualTo(new LogPosition(6, 5));
  }

  @Test
  void goesOnFromPageToPageAndFromPeerToPeer() {
    answers(
        TWO,
        question ->
            question.fromIndex() == 3
                ? new LogPage.Text(List.of(entry(3, 2)), 4)
                : new LogPage.Text(List.of(), 6));
    answers(THREE, question -> new LogPage.Text(List.of(entry(4, 4)), 6));

    run();

    assertThat(healed().entries()).containsExactly(all());
  }

  /** Safety rule 6.4: every other member has answered no. */
  @Test
  void beginsAnewWhenNobodyHasTheAnchor() {
    answers(TWO, question -> new LogPage.NoAnchor());
    answers(THREE, question -> new LogPage.NoAnchor());

    run();

    Outcome.Anew anew = (Outcome.Anew) outcomes.get(0);
    assertThat(anew.text().entries()).containsExactly(entry(1, 1), entry(2, 2));
    assertThat(anew.text().last()).isEqualTo(new LogPosition(2, 2));
    assertThat(anew.text().hardState()).isEqualTo(new HardState(5, null, Incarnation.NONE, false));
    assertThat(anew.text().commitIndex()).isEqualTo(2);
  }

  @Test
  void waitsForTheMemberThatHasNotAnswered() {
    answers(TWO, question -> new LogPage.NoAnchor());

    run();

    assertThat(outcomes).isEmpty();
    assertThat(condition())
        .isEqualTo("recovering: entries 3-4 are lost: node 2 has another log, node 3 no link");

    answers(THREE, question -> new LogPage.Text(List.of(entry(3, 2), entry(4, 4)), 6));
    time.pass(6_000 * MILLI);
    assertThat(healed().entries()).containsExactly(all());
  }

  @Test
  void waitsAsLongAsNobodyHasTheEntry() {
    answers(TWO, question -> new LogPage.Text(List.of(entry(4, 4)), 6));
    answers(THREE, question -> new LogPage.Text(List.of(), 6));

    run();
    time.pass(60_000 * MILLI);

    assertThat(outcomes).isEmpty();
    assertThat(condition())
        .isEqualTo("recovering: entries 3 are lost: node 2 lacks them too, node 3 lacks them too");
  }

  /** Entry 4 of term 3 was in this log: so was the entry 3 that leader 3 wrote, and it is there. */
  @Test
  void believesItsOwnDoubtfulTextInFrontOfAPeersOfTheSameTerm() {
    restoration = restoration(found(false, entry(3, 3)));
    answers(TWO, question -> new LogPage.Text(List.of(entry(4, 3)), 6));

    run();

    assertThat(healed().entries())
        .containsExactly(
            entry(1, 1), entry(2, 2), entry(3, 3), entry(4, 3), entry(5, 4), entry(6, 5));
  }

  /** Leader 4 may have put another entry 3 in its place. */
  @Test
  void doubtsItsOwnTextInFrontOfAPeersOfALaterTerm() {
    restoration = restoration(found(false, entry(3, 2)));
    answers(TWO, question -> new LogPage.Text(List.of(entry(4, 4)), 6));

    run();

    assertThat(outcomes).isEmpty();
    assertThat(condition()).contains("entries 3 are lost");
  }

  /** Safety rule 6.4, the other way: what a leader of a quorum lacks was not committed. */
  @Test
  void beginsAnewWhenALeaderOfAQuorumLacksTheAnchor() {
    answers(TWO, question -> new LogPage.NoAnchor());
    run();

    leads(THREE, 0);
    leads(TWO, -1);
    time.pass(100 * MILLI);
    assertThat(outcomes).as("3 has not answered, 2 leads nobody").isEmpty();
    leads(TWO, 10 * MILLI);
    time.pass(100 * MILLI);

    assertThat(outcomes).hasSize(1).allMatch(Outcome.Anew.class::isInstance);
  }

  /** Safety rule 6.3: a vote may be lost, whatever the peers still have of the text. */
  @Test
  void beginsAnewAtOnceWithoutItsHardState() {
    restoration = restoration(found(true));
    answers(TWO, question -> new LogPage.Text(List.of(entry(3, 2), entry(4, 4)), 6));

    run();

    assertThat(asked).isEmpty();
    assertThat(outcomes).hasSize(1).allMatch(Outcome.Anew.class::isInstance);
  }

  @Test
  void refusesTextThatContradictsItsOwn() {
    answers(TWO, question -> new LogPage.Text(List.of(entry(3, 2), entry(4, 5)), 6));
    answers(THREE, question -> new LogPage.Text(List.of(entry(2, 1), entry(3, 2)), 6));

    run();

    assertThat(outcomes).isEmpty();
    assertThat(condition())
        .contains("entries 3-4 are lost", "entry 4@5 contradicts", "entry 2@1 was not asked for");
  }

  /** Safety rule 6.5: damaged nodes serve each other, and nobody else. */
  @Test
  void answersPeersOutOfWhatIsIntact() {
    run();

    assertThat(answerTo(ANCHOR, 1))
        .isEqualTo(new LogPage.Text(List.of(entry(1, 1), entry(2, 2), entry(5, 4)), 6));
    assertThat(answerTo(new LogPosition(6, 5), 6))
        .isEqualTo(new LogPage.Text(List.of(entry(6, 5)), 7));
    assertThat(answerTo(new LogPosition(5, 3), 1)).isEqualTo(new LogPage.NoAnchor());
    assertThat(answerTo(new LogPosition(9, 5), 1)).isEqualTo(new LogPage.NoAnchor());
    assertThat(answerTo(new LogPosition(4, 4), 1)).isInstanceOf(LogPage.Unanswered.class);
  }

  /** What it has lost at its end may have held any anchor: it must not be counted as a no. */
  @Test
  void saysNoToNobodyWithoutItsHardState() {
    restoration = restoration(found(true));
    run();

    assertThat(answerTo(new LogPosition(9, 5), 1)).isInstanceOf(LogPage.Unanswered.class);
    assertThat(answerTo(new LogPosition(5, 3), 1)).isInstanceOf(LogPage.Unanswered.class);
  }

  @Test
  void callersAreToldThatItIsNotReady() {
    Answer<WriteOutcome> write = new Answer<>();
    Answer<ReadAnswer> read = new Answer<>();
    run();

    long deadline = time.nowNanos() + 1_000 * MILLI;
    restoration
        .requests()
        .write(new WriteRequest(Bytes.EMPTY, true, WriteRequest.Routing.ANY, deadline), write);
    restoration.requests().read(new ReadRequest(new ReadRequest.Linearizable(), deadline), read);
    time.pass(MILLI);

    assertThat(write.get()).isEqualTo(new WriteOutcome.NotReady("recovering"));
    assertThat(read.get()).isEqualTo(new ReadAnswer.NotReady("recovering"));
  }

  private void run() {
    restoration.start();
    time.pass(5_500 * MILLI);
  }

  private LogFragments healed() {
    assertThat(outcomes).hasSize(1);
    return ((Outcome.Healed) outcomes.get(0)).text();
  }

  private Restoration restoration(LogFragments found) {
    RaftConfig raft = RaftConfig.of(ONE, List.of(ONE, TWO, THREE), new EntryCodec(), Bytes.EMPTY);
    return new Restoration(
        NodeConfig.of(raft), time.new Loop(), network.connect(ONE), found, outcomes::add);
  }

  /** Entry 5 is intact, but its batch was the first behind a lost header. */
  private static LogFragments found(boolean hardStateLost, LogEntry... doubtful) {
    return new LogFragments(
        LogPosition.ZERO,
        new LogPosition(6, 5),
        List.of(new LogPosition(1, 1), new LogPosition(2, 2), ANCHOR, new LogPosition(6, 5)),
        List.of(entry(1, 1), entry(2, 2), entry(5, 4), entry(6, 5)),
        List.of(doubtful),
        HARD_STATE,
        hardStateLost,
        4);
  }

  private static LogEntry[] all() {
    return new LogEntry[] {
      entry(1, 1), entry(2, 2), entry(3, 2), entry(4, 4), entry(5, 4), entry(6, 5)
    };
  }

  private static LogEntry entry(long index, long term) {
    return new EntryCodec()
        .encode(new LogPosition(index, term), EntryKind.COMMAND, Bytes.wrap(new byte[] {1}));
  }

  private String condition() {
    Answer<NodeStatus> status = new Answer<>();
    restoration.requests().status(status);
    time.pass(MILLI);
    return status.get().condition();
  }

  private LogPage answerTo(LogPosition anchor, long fromIndex) {
    Answer<LogPage> page = new Answer<>();
    Transport transport = network.connect(TWO);
    transport.start(new Peer(question -> new LogPage.NoAnchor()));
    transport.fetchLog(ONE, new LogQuestion(anchor, fromIndex), page);
    time.pass(10 * MILLI);
    return page.get();
  }

  private void answers(NodeId peer, Function<LogQuestion, LogPage> answer) {
    pages.put(peer, answer);
    network.connect(peer).start(new Peer(answer));
  }

  private void leads(NodeId peer, long quorumContactAgeNanos) {
    Transport transport = network.connect(peer);
    transport.start(new Peer(pages.getOrDefault(peer, question -> new LogPage.Unanswered("?"))));
    RaftMessage.AppendEntries heartbeat =
        new RaftMessage.AppendEntries(
            LogPosition.ZERO, List.of(), 0, 1, quorumContactAgeNanos, false);
    transport.send(ONE, new PeerMessage.Core(new Envelope(peer, ONE, 6, heartbeat)));
  }

  /** A member that does nothing but answer. */
  private final class Peer implements Transport.Receiver {
    private final Function<LogQuestion, LogPage> answers;

    Peer(Function<LogQuestion, LogPage> answers) {
      this.answers = answers;
    }

    @Override
    public void received(NodeId from, PeerMessage message, int sizeBytes) {
      throw new AssertionError("a node that recovers says nothing");
    }

    @Override
    public void linkLost(NodeId peer) {
      throw new AssertionError("no link breaks here");
    }

    @Override
    public void linkEstablished(NodeId peer) {
      throw new AssertionError("links are not told here");
    }

    @Override
    public void snapshotOffered(
        NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
      throw new AssertionError("a node that recovers sends nothing");
    }

    @Override
    public void forwarded(
        NodeId from, Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
      throw new AssertionError("a node that recovers forwards nothing");
    }

    @Override
    public void logAsked(NodeId from, LogQuestion question, Consumer<LogPage> answer) {
      asked.add(question);
      answer.accept(answers.apply(question));
    }
  }
}
