package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ElectorateTest {
  private static final NodeId ONE = new NodeId(1);
  private static final NodeId TWO = new NodeId(2);
  private static final NodeId THREE = new NodeId(3);
  private static final List<NodeId> MEMBERS = List.of(ONE, TWO, THREE);
  private static final LogPosition SOMEWHERE = new LogPosition(4, 2);

  private final Electorate electorate = new Electorate(MEMBERS);

  private static Incarnation incarnation(int number) {
    return new Incarnation(7, number);
  }

  private static Standing standing(int number, boolean admitted) {
    return new Standing(incarnation(number), admitted);
  }

  private static LogEntry entry(long index, EntryKind kind, Bytes body) {
    return new TestFormat().encode(new LogPosition(index, 1), kind, body);
  }

  private static LogEntry settings() {
    List<Settings.Member> members =
        List.of(
            new Settings.Member(ONE, incarnation(1)),
            new Settings.Member(TWO, incarnation(2)),
            new Settings.Member(THREE, incarnation(3)));
    Settings settings = new Settings(new ClusterId(1, 2), members, Bytes.EMPTY);
    return entry(1, EntryKind.SETTINGS, settings.encode());
  }

  private static LogEntry admit(long index, NodeId node, int number) {
    return entry(index, EntryKind.ADMIT, new Admission(node, incarnation(number)).encode());
  }

  private static SortedMap<NodeId, Standing> grants(Object... pairs) {
    SortedMap<NodeId, Standing> grants = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      grants.put((NodeId) pairs[i], (Standing) pairs[i + 1]);
    }
    return grants;
  }

  @Test
  void countsNobodyBeforeTheFirstEntry() {
    assertThat(electorate.counts(ONE, standing(1, true))).isFalse();
    assertThat(electorate.members()).isEqualTo(MEMBERS);
  }

  @Test
  void countsTheIncarnationThatTheLogNamesAndNoOther() {
    electorate.onAppend(settings());

    assertThat(electorate.counts(TWO, standing(2, false))).isTrue();
    assertThat(electorate.counts(TWO, standing(9, true))).isFalse();
    assertThat(electorate.counts(TWO, null)).isFalse();
    assertThat(electorate.counts(new NodeId(4), standing(2, true))).isFalse();
  }

  @Test
  void countsAnAdmittedIncarnationOnlyWhenItSaysSo() {
    electorate.onAppend(settings());
    electorate.onAppend(admit(2, TWO, 9));

    assertThat(electorate.counts(TWO, standing(9, false))).isFalse();
    assertThat(electorate.counts(TWO, standing(9, true))).isTrue();
    assertThat(electorate.counts(TWO, standing(2, true))).isFalse();
  }

  @Test
  void takesNamesBackWhenTheLogIsCut() {
    electorate.onAppend(settings());
    electorate.onAppend(admit(2, TWO, 9));
    electorate.onTruncate(2);

    assertThat(electorate.counts(TWO, standing(2, false))).isTrue();

    electorate.onTruncate(1);
    assertThat(electorate.roster()).isNull();
  }

  @Test
  void keepsTheNamesOfACompactedPrefix() {
    electorate.onAppend(settings());
    electorate.onAppend(admit(2, TWO, 9));
    electorate.onCompact(2);
    electorate.onTruncate(3);

    assertThat(electorate.counts(TWO, standing(9, true))).isTrue();
  }

  @Test
  void takesTheNamesOfASnapshot() {
    electorate.onAppend(settings());
    Roster roster = Roster.of(Settings.decode(settings().body()));
    electorate.onReset(roster.with(new Admission(THREE, incarnation(8))));

    assertThat(electorate.counts(THREE, standing(8, true))).isTrue();
    assertThat(electorate.counts(ONE, standing(1, false))).isTrue();
  }

  @Test
  void needsAllMembersForABlankCandidate() {
    assertThat(
            electorate.elects(
                grants(ONE, standing(1, false), TWO, standing(2, false)), LogPosition.ZERO))
        .isFalse();
    assertThat(
            electorate.elects(
                grants(ONE, standing(1, false), TWO, standing(2, false), THREE, standing(3, false)),
                LogPosition.ZERO))
        .isTrue();
  }

  @Test
  void electsWithAMajorityThatCounts() {
    electorate.onAppend(settings());

    assertThat(electorate.elects(grants(ONE, standing(1, false)), SOMEWHERE)).isFalse();
    assertThat(
            electorate.elects(grants(ONE, standing(1, false), TWO, standing(9, true)), SOMEWHERE))
        .as("a wiped node's vote")
        .isFalse();
    assertThat(
            electorate.elects(grants(ONE, standing(1, false), TWO, standing(2, false)), SOMEWHERE))
        .isTrue();
  }

  @Test
  void refusesAnAdmissionWithoutACluster() {
    assertThatThrownBy(() -> electorate.onAppend(admit(1, TWO, 9)))
        .isInstanceOf(Check.InvariantBroken.class);
  }
}
