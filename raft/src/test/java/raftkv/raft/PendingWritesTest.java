package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PendingWritesTest {
  private static final HardState ONE = new HardState(1, null, Incarnation.NONE, false);
  private static final HardState TWO = new HardState(2, null, Incarnation.NONE, false);

  private final PendingWrites writes = new PendingWrites(HardState.BLANK, 3);

  @Test
  void vouchesForNothingBeforeTheDiskHasSpoken() {
    writes.begin(ONE, 5);

    assertThat(writes.durableIndex()).isEqualTo(3);
    assertThat(writes.durableHardState()).isEqualTo(HardState.BLANK);
  }

  @Test
  void takesOneTicketForAllBeforeIt() {
    writes.begin(ONE, 5);
    long second = writes.begin(TWO, 7);
    writes.begin(TWO, 9);

    writes.persisted(second);

    assertThat(writes.durableIndex()).isEqualTo(7);
    assertThat(writes.durableHardState()).isEqualTo(TWO);
  }

  @Test
  void ignoresATicketThatCameBefore() {
    long first = writes.begin(ONE, 5);
    long second = writes.begin(TWO, 7);
    writes.persisted(second);

    writes.persisted(first);

    assertThat(writes.durableIndex()).isEqualTo(7);
    assertThat(writes.durableHardState()).isEqualTo(TWO);
  }

  @Test
  void refusesATicketThatNobodyGave() {
    assertThatThrownBy(() -> writes.persisted(1)).isInstanceOf(Check.InvariantBroken.class);
  }

  @Test
  void lowersTheHorizonOfWritesInFlightWhenTheLogIsCut() {
    long old = writes.begin(ONE, 5);
    writes.truncatedFrom(4);
    long young = writes.begin(TWO, 5);

    writes.persisted(old);
    assertThat(writes.durableIndex()).isEqualTo(3);

    writes.persisted(young);
    assertThat(writes.durableIndex()).isEqualTo(5);
  }

  @Test
  void lowersTheHorizonOfWhatWasDurable() {
    writes.truncatedFrom(2);

    assertThat(writes.durableIndex()).isEqualTo(1);
  }

  @Test
  void capsWritesInFlightWhenASnapshotReplacesTheLog() {
    long old = writes.begin(ONE, 20);
    writes.resetTo(10);
    writes.begin(TWO, 20);

    writes.persisted(old);

    assertThat(writes.durableIndex()).isEqualTo(10);
  }
}
