package raftkv.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalmTest {
  @Test
  void lessThanHalfOfTheMachineIsCalm() {
    assertThat(Calm.isCalm(0.99, 2)).isTrue();
    assertThat(Calm.isCalm(1, 2)).isFalse();
  }

  @Test
  void nothingIsSaidBeforeAWholeWindowWasSeen() {
    assertThat(new Calm().isCalm()).isFalse();
  }
}
