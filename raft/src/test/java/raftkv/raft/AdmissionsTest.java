package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;

import org.junit.jupiter.api.Test;

/** Safety rule 5.4, the leader's side, as far as the scripts do not tell it. */
class AdmissionsTest {
  private static final Standing NEW = new Standing(new Incarnation(9, 9), false);

  private final PaperNode leader = new PaperNode(3, 1, 1, 1);

  private void hear(int from, long match, long round, Standing standing) {
    leader.hear(
        from,
        leader.core().term(),
        new RaftMessage.AppendEntriesReply(match, round, null, standing, Abilities.ALL));
  }

  private EntryKind lastKind() {
    return leader.core().log().entry(leader.core().log().lastIndex()).kind();
  }

  @Test
  void proposesOnlyOnceTheFirstEntryOfItsTermIsCommitted() {
    leader.lead();
    hear(3, 4, 1, NEW);
    assertThat(lastKind()).isEqualTo(EntryKind.NOOP);

    hear(2, 4, 1, PaperNode.standing(2));
    hear(3, 4, 1, NEW);

    assertThat(lastKind()).isEqualTo(EntryKind.ADMIT);
    assertThat(leader.core().log().last()).isEqualTo(at(5, 2));
  }

  @Test
  void proposesItOnce() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));
    hear(3, 4, 1, NEW);
    hear(3, 5, 2, NEW);
    hear(3, 5, 2, NEW);

    assertThat(leader.core().log().lastIndex()).isEqualTo(5);
  }

  /** Such a one was named before and is of an older volume: it would count too early. */
  @Test
  void proposesNobodyWhoSaysThatItIsAdmitted() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));

    hear(3, 4, 1, new Standing(NEW.incarnation(), true));

    assertThat(leader.core().log().lastIndex()).isEqualTo(4);
  }

  /** What it has stored was matched before: nothing moves but its standing. */
  @Test
  void commitsWithAPeerThatBeginsToCount() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));
    hear(3, 4, 1, NEW);
    hear(2, 5, 2, PaperNode.standing(2));
    leader.propose("x");
    hear(3, 6, 3, NEW);
    assertThat(leader.core().commitIndex()).isEqualTo(5);

    hear(3, 6, 3, new Standing(NEW.incarnation(), true));

    assertThat(leader.core().commitIndex()).isEqualTo(6);
  }

  @Test
  void proposesNothingDuringATransfer() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));
    leader.transferTo(2);

    hear(3, 4, 1, NEW);

    assertThat(leader.core().log().lastIndex()).isEqualTo(4);
  }

  /** Under load the peer never has all; a lap within an election timeout will do. */
  @Test
  void takesAPeerForCaughtUpThatDoesALapInTime() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));
    leader.propose("x");
    hear(2, 5, 2, PaperNode.standing(2));
    hear(3, 4, 2, NEW);
    assertThat(lastKind()).as("behind the lap's end").isEqualTo(EntryKind.COMMAND);
    leader.propose("y");
    hear(2, 6, 3, PaperNode.standing(2));

    hear(3, 5, 3, NEW);

    assertThat(lastKind()).isEqualTo(EntryKind.ADMIT);
  }

  @Test
  void letsAPeerRunAnotherLapIfTheLastTookLong() {
    leader.lead();
    hear(2, 4, 1, PaperNode.standing(2));
    leader.propose("x");
    hear(2, 5, 2, PaperNode.standing(2));
    hear(3, 4, 2, NEW);
    leader.propose("y");
    hear(2, 6, 3, PaperNode.standing(2));
    leader.pass(160);

    hear(3, 5, 3, NEW);

    assertThat(lastKind()).isEqualTo(EntryKind.COMMAND);
  }
}
