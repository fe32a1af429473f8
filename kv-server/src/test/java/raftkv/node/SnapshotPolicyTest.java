package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotPolicyTest {
  private static final long MIB = 1L << 20;

  /** Else all would wait: writes for a snapshot, and the snapshot for more log. */
  @ParameterizedTest
  @ValueSource(longs = {40, 128, 256, 512, 1_024, 4_096, 64_000})
  void everySnapshotIsDueBeforeWritesAreRefused(long heapMib) {
    SnapshotPolicy policy = SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB);

    for (int percent = 0; percent <= 100; percent++) {
      long state = heapMib * MIB / 100 * percent;
      for (int rank = 0; rank < 7; rank++) {
        for (long last : new long[] {0, 100 * MIB, 10_000 * MIB}) {
          assertThat(policy.dueBytes(last, rank, state))
              .isPositive()
              .isLessThan(policy.overloadBytes(state));
          assertThat(policy.lateBytes(last, rank, state))
              .isLessThanOrEqualTo(policy.overloadBytes(state));
        }
      }
    }
  }

  /** The log, as much again that a snapshot still holds, and a quarter for all else. */
  @ParameterizedTest
  @ValueSource(longs = {40, 128, 512, 4_096, 64_000})
  void stateAndLogFitInThreeQuartersOfTheHeapUntilTheStateIsFull(long heapMib) {
    SnapshotPolicy policy = SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB);

    for (int percent = 0; percent <= 100; percent++) {
      long state = heapMib * MIB / 100 * percent;
      assertThat(policy.isFull(state)).as("%d %%", percent).isEqualTo(percent >= 63);
      if (!policy.isFull(state)) {
        assertThat(state + 2 * policy.overloadBytes(state))
            .isLessThanOrEqualTo(heapMib * MIB / 4 * 3);
      }
    }
    assertThat(policy.overloadBytes(0)).isLessThanOrEqualTo(Math.min(512, heapMib / 4) * MIB);
  }

  /** A batch takes a sector or two: at most four times a small put, and more only if idle. */
  @ParameterizedTest
  @ValueSource(longs = {40, 512, 4_096, 64_000})
  void filesMakeASnapshotDueBehindFourTimesTheLogAndInTurn(long heapMib) {
    SnapshotPolicy policy = SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB);

    for (long last : new long[] {0, 100 * MIB, 10_000 * MIB}) {
      long first = policy.dueFileBytes(last, 0, 0);
      assertThat(first)
          .isGreaterThanOrEqualTo(512 * MIB)
          .isGreaterThanOrEqualTo(4 * policy.dueBytes(last, 0, 0))
          .isLessThanOrEqualTo(1_024 * MIB);
      for (int rank = 1; rank < 7; rank++) {
        assertThat(policy.dueFileBytes(last, rank, 0)).isEqualTo(first + rank * (first / 8));
      }
    }
    assertThat(SnapshotPolicy.keptFileBytes(32 * MIB)).isEqualTo(128 * MIB);
    assertThat(SnapshotPolicy.keptFileBytes(Long.MAX_VALUE)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {2_048, 64_000})
  void emptyStoreOnALargeHeapHasTheDefaults(long heapMib) {
    SnapshotPolicy policy = SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB);

    assertThat(policy.overloadBytes(0)).isEqualTo(512 * MIB);
    assertThat(policy.dueBytes(0, 0, 0)).isEqualTo(64 * MIB);
    assertThat(policy.dueBytes(10_000 * MIB, 0, 0)).isEqualTo(256 * MIB);
  }
}
