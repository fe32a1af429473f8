package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftLogTest {
  private static RaftLog logOf(long... terms) {
    return logBehind(LogPosition.ZERO, terms);
  }

  private static RaftLog logBehind(LogPosition base, long... terms) {
    List<LogEntry> entries = new ArrayList<>();
    for (long term : terms) {
      long index = base.index() + entries.size() + 1;
      entries.add(TestFormat.command(index, term, index + "." + term));
    }
    return new RaftLog(base, entries, 0);
  }

  private static LogPosition at(long index, long term) {
    return new LogPosition(index, term);
  }

  private static List<Long> indexes(List<LogEntry> entries) {
    return entries.stream().map(LogEntry::index).toList();
  }

  @Test
  void beginsBehindItsBase() {
    RaftLog log = logBehind(at(10, 3), 3, 4);

    assertThat(log.firstIndex()).isEqualTo(11);
    assertThat(log.last()).isEqualTo(at(12, 4));
    assertThat(log.termAt(10)).isEqualTo(3);
    assertThat(log.commitIndex()).isEqualTo(10);
  }

  @Test
  void containsWhatIsCoveredByItsBase() {
    RaftLog log = logBehind(at(10, 3), 3, 4);

    assertThat(log.contains(at(4, 1))).isTrue();
    assertThat(log.contains(at(10, 3))).isTrue();
    assertThat(log.contains(at(10, 2))).isFalse();
    assertThat(log.contains(at(12, 4))).isTrue();
    assertThat(log.contains(at(12, 3))).isFalse();
    assertThat(log.contains(at(13, 4))).isFalse();
  }

  @Test
  void pointsToTheFirstIndexOfTheTermThatConflicts() {
    RaftLog log = logOf(1, 1, 2, 2, 2, 3);

    assertThat(log.conflictAt(5)).isEqualTo(at(3, 2));
    assertThat(log.conflictAt(6)).isEqualTo(at(6, 3));
    assertThat(log.conflictAt(9)).isEqualTo(at(7, 0));
  }

  @Test
  void neverPointsIntoCommittedText() {
    RaftLog log = logOf(1, 1, 2, 2, 2, 3);
    log.commitTo(4);

    assertThat(log.conflictAt(5)).isEqualTo(at(5, 2));
  }

  @Test
  void findsTheLastIndexOfATermOrAnEarlierOne() {
    RaftLog log = logBehind(at(10, 3), 3, 5, 5, 7);

    assertThat(log.lastIndexWithTermAtMost(5, 14)).isEqualTo(13);
    assertThat(log.lastIndexWithTermAtMost(4, 14)).isEqualTo(11);
    assertThat(log.lastIndexWithTermAtMost(1, 14)).isEqualTo(10);
    assertThat(log.lastIndexWithTermAtMost(9, 4)).isEqualTo(10);
  }

  @Test
  void handsOverWhatIsUnwrittenOnce() {
    RaftLog log = logOf(1);
    log.append(TestFormat.command(2, 1, "a"));

    assertThat(log.hasUnwritten()).isTrue();
    assertThat(indexes(log.takeUnwritten())).containsExactly(2L);
    assertThat(log.takeUnwritten()).isEmpty();
    assertThat(log.hasUnwritten()).isFalse();
  }

  @Test
  void saysFromWhereTheStoredLogIsSuperseded() {
    RaftLog log = logOf(1, 1, 1, 1);
    log.truncateFrom(3);
    log.append(TestFormat.command(3, 2, "b"));
    log.truncateFrom(3);
    log.truncateFrom(2);
    log.append(TestFormat.command(2, 3, "c"));

    assertThat(log.cutAt()).isEqualTo(2);
    assertThat(indexes(log.takeUnwritten())).containsExactly(2L);
    assertThat(log.cutAt()).isZero();
  }

  @Test
  void doesNotCutTheStoredLogForWhatWasNeverWritten() {
    RaftLog log = logOf(1);
    log.append(TestFormat.command(2, 1, "a"));
    log.truncateFrom(2);

    assertThat(log.cutAt()).isZero();
    assertThat(log.hasUnwritten()).isFalse();
  }

  @Test
  void neverCutsCommittedText() {
    RaftLog log = logOf(1, 1, 1);
    log.commitTo(2);

    assertThatThrownBy(() -> log.truncateFrom(2))
        .isInstanceOf(Check.InvariantBroken.class)
        .hasMessageContaining("committed entries are never cut");
  }

  @Test
  void handsOutCommittedEntriesInBoundedPieces() {
    RaftLog log = logOf(1, 1, 1, 1, 1);
    log.commitTo(4);

    assertThat(indexes(log.takeCommitted(2, 100))).containsExactly(1L, 2L);
    assertThat(indexes(log.takeCommitted(9, 1))).containsExactly(3L);
    assertThat(indexes(log.takeCommitted(9, 100))).containsExactly(4L);
    assertThat(log.hasCommitted()).isFalse();
  }

  @Test
  void makesBatchesOfAtLeastOneEntry() {
    RaftLog log = logOf(1, 1, 1);

    assertThat(indexes(log.batchFrom(2, 1))).containsExactly(2L);
    assertThat(indexes(log.batchFrom(1, 6))).containsExactly(1L, 2L);
    assertThat(log.batchFrom(4, 6)).isEmpty();
  }

  @Test
  void countsUncommittedBytes() {
    RaftLog log = logOf(1);
    log.append(TestFormat.command(2, 1, "12345"));
    assertThat(log.uncommittedBytes()).isEqualTo(8);

    log.commitTo(1);
    assertThat(log.uncommittedBytes()).isEqualTo(5);

    log.truncateFrom(2);
    assertThat(log.uncommittedBytes()).isZero();
  }

  @Test
  void forgetsAPrefixOnlyIfItIsApplied() {
    RaftLog log = logOf(1, 1, 1);
    log.commitTo(3);
    log.takeCommitted(9, 100);
    log.applied(2);
    assertThatThrownBy(() -> log.compactTo(at(3, 1), 0)).isInstanceOf(Check.InvariantBroken.class);

    log.compactTo(at(2, 1), 0);

    assertThat(log.base()).isEqualTo(at(2, 1));
    assertThat(log.entry(3).term()).isEqualTo(1);
    log.compactTo(at(1, 1), 0);
    assertThat(log.base()).isEqualTo(at(2, 1));
  }

  @Test
  void keepsSoManyBytesInFrontOfASnapshot() {
    RaftLog log = logOf(1, 1, 1, 1);
    log.commitTo(4);
    log.takeCommitted(9, 100);
    log.applied(4);
    long perEntry = log.entry(2).sizeBytes();

    log.compactTo(at(3, 1), 2 * perEntry + 1);

    assertThat(log.base()).isEqualTo(at(1, 1));
    assertThat(log.snapshot()).isEqualTo(at(3, 1));
    log.compactTo(at(4, 1), perEntry + 1);
    assertThat(log.base()).isEqualTo(at(3, 1));
  }

  @Test
  void dropsWhatWasKeptButNothingThatNoSnapshotCovers() {
    RaftLog log = logOf(1, 1, 1, 1);
    log.commitTo(4);
    log.takeCommitted(9, 100);
    log.applied(4);
    log.compactTo(at(3, 1), 1_000);
    assertThat(log.base()).isEqualTo(at(0, 0));

    log.dropThrough(1);
    assertThat(log.base()).isEqualTo(at(1, 1));
    log.dropThrough(4);
    assertThat(log.base()).isEqualTo(at(3, 1));
    log.dropThrough(2);
    assertThat(log.base()).isEqualTo(at(3, 1));
  }

  /** Safety rule 7.1. */
  @Test
  void handsOutAgainWhatIsBehindASnapshotThatReplacedTheState() {
    RaftLog log = logOf(1, 1, 1, 1);
    log.commitTo(4);
    log.takeCommitted(9, 100);
    log.applied(4);

    log.replayFrom(at(2, 1));

    assertThat(log.commitIndex()).isEqualTo(4);
    assertThat(log.appliedIndex()).isEqualTo(2);
    assertThat(log.takeCommitted(9, 100)).extracting(LogEntry::index).containsExactly(3L, 4L);
  }

  /** What was dropped may still lie in memory, packed with what was not. */
  @Test
  void givesNothingThatItHasDropped() {
    RaftLog log = logOf(1, 1, 1);
    log.commitTo(3);
    log.takeCommitted(9, 100);
    log.applied(3);
    log.compactTo(at(2, 1), 0);

    assertThat(log.base()).isEqualTo(at(2, 1));
    assertThat(indexes(log.batchFrom(3, 100))).containsExactly(3L);
    assertThatThrownBy(() -> log.batchFrom(2, 100)).isInstanceOf(Check.InvariantBroken.class);
    assertThatThrownBy(() -> log.entry(2)).isInstanceOf(Check.InvariantBroken.class);
    assertThatThrownBy(() -> log.termAt(1)).isInstanceOf(Check.InvariantBroken.class);
  }

  @Test
  void isReplacedByASnapshotThatIsAhead() {
    RaftLog log = logOf(1, 1, 1);
    log.commitTo(1);
    log.resetTo(at(9, 4));

    assertThat(log.last()).isEqualTo(at(9, 4));
    assertThat(log.commitIndex()).isEqualTo(9);
    assertThat(log.hasCommitted()).isFalse();
    assertThatThrownBy(() -> log.resetTo(at(9, 4))).isInstanceOf(Check.InvariantBroken.class);
  }

  @Test
  void refusesGapsAndFallingTerms() {
    RaftLog log = logOf(1, 2);

    assertThatThrownBy(() -> log.append(TestFormat.command(4, 2, "x")))
        .hasMessageContaining("no gap");
    assertThatThrownBy(() -> log.append(TestFormat.command(3, 1, "x")))
        .hasMessageContaining("do not fall");
  }

  @Test
  void takesACommitHintOnlyAsFarAsItReaches() {
    RaftLog log = new RaftLog(LogPosition.ZERO, List.of(TestFormat.command(1, 1, "x")), 7);

    assertThat(log.commitIndex()).isEqualTo(1);
    assertThatThrownBy(() -> log.commitTo(2)).isInstanceOf(Check.InvariantBroken.class);
  }
}
