package raftkv.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void aPercentileIsTheValueOfItsRank() {
    Quantiles hundred =
        new Quantiles(IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList());

    assertThat(hundred.median()).isEqualTo(50);
    assertThat(hundred.at(99)).isEqualTo(99);
    assertThat(hundred.max()).isEqualTo(100);
  }

  @Test
  void ofFewValuesThe99thPercentileIsTheLargest() {
    Quantiles three = new Quantiles(List.of(3.0, 9.0, 1.0));

    assertThat(three.at(99)).isEqualTo(9);
    assertThat(three.median()).isEqualTo(3);
    assertThat(three.at(0)).isEqualTo(1);
  }

  @Test
  void withoutValuesThereIsNothingToSay() {
    Quantiles none = new Quantiles(List.of());

    assertThat(none.count()).isZero();
    assertThat(none.median()).isZero();
  }
}
