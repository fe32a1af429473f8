package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import raftkv.port.EntryCodec;
import raftkv.raft.Bytes;
import raftkv.raft.ClusterId;
import raftkv.raft.EntryKind;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;

/** Safety rule 6.6, case by case. Entries up to index 4 are of term 1, from 5 on of term 2. */
final class StartChoiceTest {
  @Test
  void withoutASnapshotAWholeLogIsAll() {
    assertThat(StartChoice.of(null, LogPosition.ZERO, List.of()))
        .isEqualTo(new StartChoice.LogAlone());
    assertThat(StartChoice.of(null, LogPosition.ZERO, entries(1, 8)))
        .isEqualTo(new StartChoice.LogAlone());
  }

  @Test
  void withoutASnapshotALogBehindABaseIsDamage() {
    StartChoice choice = StartChoice.of(null, at(900, 2), entries(901, 2_000));

    assertThat(choice).isEqualTo(new StartChoice.Damage(null, at(900, 2)));
    assertThat(((StartChoice.Damage) choice).sentence()).contains("900@2", "no valid snapshot");
  }

  /** The newest (1000) is rotten, the one before (500) is valid, the log is 901 to 2000. */
  @Test
  void aSnapshotBelowTheBaseIsDamageAndNothingIsDropped() {
    StartChoice choice = StartChoice.of(snapshot(500, 2), at(900, 2), entries(901, 2_000));

    assertThat(choice).isEqualTo(new StartChoice.Damage(snapshot(500, 2), at(900, 2)));
    assertThat(((StartChoice.Damage) choice).sentence()).contains("900@2", "500@2");
  }

  @Test
  void aSnapshotAnywhereInTheLogKeepsWhatIsAboveIt() {
    for (long index = 1; index <= 8; index++) {
      SnapshotMeta snapshot = snapshot(index, index < 5 ? 1 : 2);

      assertThat(StartChoice.of(snapshot, LogPosition.ZERO, entries(1, 8)))
          .as("%d", index)
          .isEqualTo(new StartChoice.Keep(snapshot));
    }
  }

  /** First entry at S + 1 is no gap: the base is S itself. */
  @Test
  void aSnapshotThatIsTheBaseKeepsTheLog() {
    SnapshotMeta snapshot = snapshot(4, 1);

    assertThat(StartChoice.of(snapshot, at(4, 1), entries(5, 8)))
        .isEqualTo(new StartChoice.Keep(snapshot));
    assertThat(StartChoice.of(snapshot, at(4, 1), List.of()))
        .isEqualTo(new StartChoice.Keep(snapshot));
  }

  /** Crashed between the snapshot's name and the log's reset: nothing was promised behind it. */
  @Test
  void aSnapshotBeyondTheLogResetsIt() {
    assertThat(StartChoice.of(snapshot(9, 2), LogPosition.ZERO, entries(1, 8)))
        .isEqualTo(new StartChoice.Reset(snapshot(9, 2)));
    assertThat(StartChoice.of(snapshot(9, 2), at(4, 1), entries(5, 8)))
        .isEqualTo(new StartChoice.Reset(snapshot(9, 2)));
    assertThat(StartChoice.of(snapshot(1, 1), LogPosition.ZERO, List.of()))
        .isEqualTo(new StartChoice.Reset(snapshot(1, 1)));
  }

  @Test
  void aSnapshotOfAnotherTermThanTheLogsEntryOrBaseResetsIt() {
    assertThat(StartChoice.of(snapshot(3, 2), LogPosition.ZERO, entries(1, 8)))
        .isEqualTo(new StartChoice.Reset(snapshot(3, 2)));
    assertThat(StartChoice.of(snapshot(4, 3), at(4, 1), entries(5, 8)))
        .isEqualTo(new StartChoice.Reset(snapshot(4, 3)));
  }

  private static LogPosition at(long index, long term) {
    return new LogPosition(index, term);
  }

  private static SnapshotMeta snapshot(long index, long term) {
    return new SnapshotMeta(at(index, term), new Roster(new ClusterId(1, 2), List.of()));
  }

  private static List<LogEntry> entries(long from, long to) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      LogPosition position = at(index, index < 5 ? 1 : 2);
      entries.add(new EntryCodec().encode(position, EntryKind.NOOP, Bytes.EMPTY));
    }
    return entries;
  }
}
