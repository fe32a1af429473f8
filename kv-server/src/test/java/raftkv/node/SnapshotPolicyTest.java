package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotPolicyTest {
  private static final long MIB = 1L << 20;

  /** Else all would wait: writes for a snapshot, and the snapshot for more log. */
  @ParameterizedTest
  @ValueSource(longs = {128, 256, 512, 1_024, 4_096})
  void everySnapshotIsDueBeforeWritesAreRefused(long heapMib) {
    SnapshotPolicy policy = SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB);

    for (int rank = 0; rank < 7; rank++) {
      for (long last : new long[] {0, 100 * MIB, 10_000 * MIB}) {
        assertThat(policy.dueBytes(last, rank)).isLessThan(policy.overloadLogBytes());
      }
    }
    assertThat(policy.overloadLogBytes()).isLessThanOrEqualTo(heapMib * MIB / 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {2_048, 64_000})
  void largeHeapChangesNothing(long heapMib) {
    assertThat(SnapshotPolicy.DEFAULT.withinHeap(heapMib * MIB)).isEqualTo(SnapshotPolicy.DEFAULT);
  }
}
