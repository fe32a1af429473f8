package raftkv.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import raftkv.raft.LogPosition;

final class SegmentStartsTest {
  private final SegmentStarts starts = new SegmentStarts();

  @Test
  void keepsWhatHoldsMoreThanTheSnapshot() {
    enter(1, 0);
    enter(2, 40);
    enter(3, 80);

    assertThat(starts.compactTo(39)).isEqualTo(1);
    assertThat(starts.compactTo(40)).isEqualTo(2);
    assertThat(starts.compactTo(79)).isEqualTo(2);
    assertThat(starts.oldest()).isEqualTo(2);
  }

  @Test
  void keepsTheSegmentEnteredLastWhateverTheSnapshotCovers() {
    enter(1, 0);
    enter(2, 40);

    assertThat(starts.compactTo(1_000)).isEqualTo(2);
    assertThat(starts.compactTo(2_000)).isEqualTo(2);
  }

  @Test
  void beginsWithNoSegmentInFrontOfWhichTheLogIsCut() {
    enter(1, 0);
    enter(2, 40);
    enter(3, 80);
    starts.cutAt(75);
    enter(4, 130);

    assertThat(starts.compactTo(120)).isEqualTo(2);
    assertThat(starts.compactTo(130)).isEqualTo(4);
  }

  @Test
  void aCutDirectlyBehindABeginningLeavesIt() {
    enter(1, 0);
    enter(2, 40);
    starts.cutAt(41);

    assertThat(starts.compactTo(40)).isEqualTo(2);
  }

  @Test
  void aResetMakesNeedlessWhatStoodBeforeIt() {
    enter(1, 0);
    enter(2, 400);
    starts.resetTo(new LogPosition(300, 7));

    assertThat(starts.compactTo(299)).isEqualTo(1);
    assertThat(starts.compactTo(300)).isEqualTo(2);
  }

  private void enter(long segment, long lastIndex) {
    starts.entered(segment, new LogPosition(lastIndex, lastIndex == 0 ? 0 : 1));
  }
}
