package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,2", "4,3", "5,3", "6,4", "7,4"})
  void isMoreThanHalf(int nodes, int majority) {
    assertThat(Quorum.majorityOf(nodes)).isEqualTo(majority);
  }

  @Test
  void givesTheHighestValueThatAMajorityHasReached() {
    assertThat(Quorum.reachedByMajority(new long[] {7})).isEqualTo(7);
    assertThat(Quorum.reachedByMajority(new long[] {9, 4})).isEqualTo(4);
    assertThat(Quorum.reachedByMajority(new long[] {9, 4, 6})).isEqualTo(6);
    assertThat(Quorum.reachedByMajority(new long[] {9, 4, 6, 1})).isEqualTo(4);
    assertThat(Quorum.reachedByMajority(new long[] {9, 4, 6, 1, 8})).isEqualTo(6);
  }

  @Test
  void needsMembers() {
    assertThatThrownBy(() -> Quorum.reachedByMajority(new long[0]))
        .isInstanceOf(Check.InvariantBroken.class);
  }
}
