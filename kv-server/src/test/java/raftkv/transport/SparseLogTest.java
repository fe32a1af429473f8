package raftkv.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparseLogTest {
  private long now;

  @Test
  void sameSubjectIsDueOnceInTenSecondsEachForItself() {
    SparseLog log = new SparseLog(() -> now);

    assertThat(log.isDue("node 2")).isTrue();
    now += SparseLog.INTERVAL_NANOS - 1;
    assertThat(log.isDue("node 2")).isFalse();
    assertThat(log.isDue("node 3")).isTrue();
    now += 1;
    assertThat(log.isDue("node 2")).isTrue();
  }
}
