package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.id;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Safety rules 5.1 and 5.4, a node's own side, as far as the scripts do not tell it. */
class OwnStandingTest {
  private static final NodeId SELF = new NodeId(1);
  private static final Incarnation OLD = new Incarnation(1, 1);
  private static final Incarnation NEW = new Incarnation(2, 2);

  private final Electorate electorate = new Electorate(List.of(SELF, id(2), id(3)));
  private final OwnStanding own = new OwnStanding(SELF, electorate);

  OwnStandingTest() {
    List<Settings.Member> members =
        List.of(
            new Settings.Member(SELF, OLD),
            new Settings.Member(id(2), new Incarnation(1, 2)),
            new Settings.Member(id(3), new Incarnation(1, 3)));
    Settings settings = new Settings(new ClusterId(1, 1), members, Bytes.EMPTY);
    electorate.onAppend(new TestFormat().encode(at(1, 1), EntryKind.SETTINGS, settings.encode()));
  }

  private static HardState hardState(Incarnation incarnation, boolean admitted) {
    return new HardState(1, null, incarnation, admitted);
  }

  private static LogEntry admit(long index, NodeId node, Incarnation incarnation) {
    return new TestFormat()
        .encode(at(index, 1), EntryKind.ADMIT, new Admission(node, incarnation).encode());
  }

  /** A commit hint on disk may be older than the admission that is on disk. */
  @Test
  void keepsTheNameThatIsNamedBehindWhatIsKnownToBeCommitted() {
    electorate.onAppend(admit(2, SELF, NEW));

    assertThat(own.isSuperseded(hardState(NEW, true), 1)).isFalse();
  }

  @Test
  void givesUpANameThatCommittedTextReplaces() {
    own.review(hardState(OLD, false), 1);
    electorate.onAppend(admit(2, SELF, NEW));

    assertThat(own.isSuperseded(hardState(OLD, false), 1)).as("not committed yet").isFalse();
    assertThat(own.isSuperseded(hardState(OLD, false), 2)).isTrue();
  }

  @Test
  void waitsWithANameThatWasNeverNamed() {
    assertThat(own.isSuperseded(hardState(NEW, false), 1)).isFalse();
  }

  @Test
  void isNotAdmittedByAnEntryThatALaterOneReplaces() {
    electorate.onAppend(admit(2, SELF, NEW));
    electorate.onAppend(admit(3, SELF, new Incarnation(3, 3)));

    assertThat(own.isAdmittedNow(hardState(NEW, false), 2, 3)).isFalse();
  }

  @Test
  void isAdmittedByAnEntryThatIsCommittedAndDurable() {
    electorate.onAppend(admit(2, SELF, NEW));
    electorate.onAppend(admit(3, id(2), new Incarnation(3, 3)));

    assertThat(own.isAdmittedNow(hardState(NEW, false), 1, 3)).isFalse();
    assertThat(own.isAdmittedNow(hardState(NEW, false), 3, 1)).isFalse();
    assertThat(own.isAdmittedNow(hardState(NEW, false), 2, 2)).isTrue();
    assertThat(own.isAdmittedNow(hardState(NEW, true), 2, 2)).as("was before").isFalse();
  }

  /** An answer that was owed when the name was given up is given under the new one. */
  @Test
  void saysNothingMoreUnderTheOldName() {
    PaperNode node = new PaperNode(3, 1, 1);
    node.slowDisk();
    node.hear(2, 2, new RaftMessage.RequestVote(LogPosition.ZERO, false));
    node.hear(3, 2, new RaftMessage.PreVote(3, at(9, 2)));
    LogEntry another =
        new TestFormat().encode(at(3, 2), EntryKind.ADMIT, new Admission(SELF, NEW).encode());

    node.hear(2, 2, new RaftMessage.AppendEntries(at(2, 1), List.of(another), 3, 1, 0, false));
    node.diskDone();

    assertThat(node.view().incarnation()).isNotEqualTo(PaperNode.standing(1).incarnation());
    assertThat(node.last(3, RaftMessage.PreVoteReply.class).standing().incarnation())
        .isEqualTo(node.view().incarnation());
  }
}
