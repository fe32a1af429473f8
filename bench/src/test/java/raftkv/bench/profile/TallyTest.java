package raftkv.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void theHeaviestComeFirst() {
    Tally tally = new Tally();
    tally.add("b", 1);
    tally.add("a", 1);
    tally.add("c", 3);
    tally.add("b", 5);

    assertThat(tally.top(2)).containsExactly(new Tally.Line("b", 6), new Tally.Line("c", 3));
    assertThat(tally.total()).isEqualTo(10);
  }

  @Test
  void equalOnesAreOrderedByName() {
    Tally tally = new Tally();
    tally.add("b", 1);
    tally.add("a", 1);

    assertThat(tally.top(5)).extracting(Tally.Line::place).containsExactly("a", "b");
  }
}
