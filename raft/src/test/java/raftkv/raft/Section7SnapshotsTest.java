package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static raftkv.raft.PaperNode.at;
import static raftkv.raft.PaperNode.id;
import static raftkv.raft.PaperNode.standing;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Raft §7, log compaction, as far as the core takes part. */
class Section7SnapshotsTest {
  private static SnapshotMeta meta(PaperNode node, LogPosition last) {
    Roster roster = node.core().stable().electorate().roster();
    return new SnapshotMeta(last, Objects.requireNonNull(roster));
  }

  /** "Once a server completes writing a snapshot, it may delete all log entries up through it." */
  @Test
  void forgetsThePrefixThatItsSnapshotCovers() {
    PaperNode node = new PaperNode(3, 1, 1, 1);
    node.hearAppend(2, 1, at(3, 1), 3);

    node.core().snapshotSaved(meta(node, at(2, 1)), 0);

    assertThat(node.view().firstIndex()).isEqualTo(3);
    node.hearAppend(2, 1, at(2, 1), 3);
    assertThat(node.last(2, RaftMessage.AppendEntriesReply.class).matchIndex()).isEqualTo(3);
  }

  /** "If the follower has an uncommitted log with conflicting entries, it discards its log." */
  @Test
  void isReplacedByASnapshotOfOtherText() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.core().snapshotArrived(id(2), 2, meta(node, at(9, 1)));
    Ready ready = node.core().takeReady();

    assertThat(ready.restore()).isNotNull();
    Write write = Objects.requireNonNull(ready.write());
    assertThat(write.reset()).isNotNull();
    assertThat(node.core().log().last()).isEqualTo(at(9, 1));
    assertThat(node.core().commitIndex()).isEqualTo(9);
  }

  /** "If it describes a prefix of its log, entries following the snapshot are still valid." */
  @Test
  void keepsWhatIsBehindASnapshotOfItsOwnText() {
    PaperNode node = new PaperNode(3, 1, 2, 2, 2);

    node.core().snapshotArrived(id(2), 2, meta(node, at(3, 2)));
    Ready ready = node.core().takeReady();

    assertThat(ready.restore()).isNotNull();
    assertThat(ready.committed()).isEmpty();
    assertThat(node.core().log().last()).isEqualTo(at(4, 2));
    assertThat(node.core().commitIndex()).isEqualTo(3);
  }

  /** Hazard 61: an older snapshot changes nothing. */
  @Test
  void ignoresASnapshotBehindWhatIsCommitted() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.hearAppend(2, 2, at(3, 2), 3);

    node.core().snapshotArrived(id(2), 2, meta(node, at(2, 2)));

    assertThat(node.core().takeReady().restore()).isNull();
    assertThat(node.core().commitIndex()).isEqualTo(3);
  }

  /** "The leader must send snapshots to followers that lag behind", and goes on behind them. */
  @Test
  void sendsASnapshotToWhoNeedsWhatIsGone() {
    PaperNode node = new PaperNode(3, 1, 2, 2);
    node.lead();
    node.hearAck(3, 4, 1);
    node.core().snapshotSaved(meta(node, at(4, 3)), 0);
    RaftMessage.Rejection rejection = new RaftMessage.Rejection(3, at(2, 0));

    node.core()
        .step(
            new Envelope(
                id(2),
                id(1),
                3,
                new RaftMessage.AppendEntriesReply(1, 1, rejection, standing(2), Abilities.ALL)));
    Ready ready = node.core().takeReady();
    assertThat(ready.transfers()).containsExactly(new SnapshotTransfer(id(2), 3, 4));

    node.core().snapshotSent(id(2), true);
    Envelope probe = node.core().takeReady().messages().get(0);
    assertThat(((RaftMessage.AppendEntries) probe.message()).prev()).isEqualTo(at(4, 3));
  }
}
