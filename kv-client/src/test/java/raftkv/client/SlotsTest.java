package raftkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Numbers for what is under way. */
class SlotsTest {
  private final Slots<String> slots = new Slots<>();

  @Test
  void everyThingHasANumberOfItsOwnWhileItIsUnderWay() {
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      numbers.add(slots.put("thing " + i));
    }

    assertThat(numbers).hasSize(200);
    assertThat(slots.size()).isEqualTo(200);
    assertThat(slots.take(7)).isEqualTo("thing 7");
    assertThat(slots.put("new")).isEqualTo(7);
  }

  @Test
  void nothingIsGivenBackTwiceOrUnderAStrangeNumber() {
    int number = slots.put("once");

    assertThat(slots.take(number)).isEqualTo("once");
    assertThat(slots.take(number)).isNull();
    assertThat(slots.take(-1)).isNull();
    assertThat(slots.take(1L << 40)).isNull();
    assertThat(slots.size()).isZero();
  }

  @Test
  void allThatIsUnderWayCanBeTaken() {
    for (int i = 0; i < 100; i++) {
      slots.put("thing " + i);
    }
    slots.take(3);

    assertThat(slots.takeAll()).hasSize(99).doesNotContain("thing 3");
    assertThat(slots.size()).isZero();
    assertThat(slots.put("again")).isBetween(0, 99);
  }
}
