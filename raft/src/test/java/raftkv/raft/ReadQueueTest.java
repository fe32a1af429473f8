package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadQueueTest {
  private static final NodeId SELF = new NodeId(1);

  private final ReadQueue queue = new ReadQueue();

  private static ReadQueue.Read read(long id) {
    return new ReadQueue.Read(SELF, id);
  }

  @Test
  void letsAReadJoinTheNextRoundOnly() {
    queue.roundBuilt(4, 10);
    queue.add(read(1));

    assertThat(queue.takeConfirmed(4)).isEmpty();
    assertThat(queue.wantsRound()).isTrue();
  }

  @Test
  void fixesTheReadIndexWhenTheRoundIsBuilt() {
    queue.add(read(1));
    queue.add(read(2));
    queue.roundBuilt(5, 10);

    List<ReadQueue.Round> confirmed = queue.takeConfirmed(5);

    assertThat(confirmed).containsExactly(new ReadQueue.Round(5, 10, List.of(read(1), read(2))));
    assertThat(queue.takeConfirmed(5)).isEmpty();
  }

  @Test
  void isConfirmedByALaterRoundButNotByAnEarlierOne() {
    queue.add(read(1));
    queue.roundBuilt(5, 10);
    queue.add(read(2));
    queue.roundBuilt(8, 12);

    assertThat(queue.takeConfirmed(4)).isEmpty();
    assertThat(queue.takeConfirmed(7)).hasSize(1);
    assertThat(queue.takeConfirmed(9)).hasSize(1);
  }

  @Test
  void givesEverythingBackAtTheEnd() {
    queue.add(read(1));
    queue.roundBuilt(5, 10);
    queue.add(read(2));

    assertThat(queue.takeAll()).containsExactly(read(1), read(2));
    assertThat(queue.takeAll()).isEmpty();
    assertThat(queue.takeConfirmed(99)).isEmpty();
  }
}
