package raftkv.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.raft.Xoshiro256;

class DeadlineQueueTest {
  private final DeadlineQueue queue = new DeadlineQueue();
  private final List<String> ran = new ArrayList<>();

  private Deadline at(long nanos, String name) {
    return queue.at(nanos, () -> ran.add(name));
  }

  @Test
  void whatIsDueRunsInOrderOfTimeAndThenOfArrival() {
    at(30, "c");
    at(10, "a");
    at(10, "b");
    at(40, "d");

    queue.expire(30);

    assertThat(ran).containsExactly("a", "b", "c");
    assertThat(queue.nextNanos()).isEqualTo(40);
  }

  @Test
  void cancelledOneDoesNotRun() {
    Deadline first = at(10, "a");
    at(20, "b");
    queue.cancel(first);
    queue.cancel(first);

    queue.expire(100);

    assertThat(ran).containsExactly("b");
    assertThat(queue.nextNanos()).isEqualTo(Long.MAX_VALUE);
    queue.cancel(first);
  }

  @Test
  void taskMayAddAndCancelOthers() {
    Deadline victim = at(15, "victim");
    queue.at(
        10,
        () -> {
          queue.cancel(victim);
          at(12, "added");
        });

    queue.expire(20);

    assertThat(ran).containsExactly("added");
  }

  /** Against a sorted map, with many cancellations at random places. */
  @Test
  void behavesLikeSortedMapUnderRandomUse() {
    behavesLikeSortedMap(new Xoshiro256(7), 40, 0);
  }

  /** As requests are: nearly in order, and nearly all cancelled in order. */
  @Test
  void behavesLikeSortedMapWhenTimesRise() {
    behavesLikeSortedMap(new Xoshiro256(8), 61, 1);
  }

  private void behavesLikeSortedMap(Xoshiro256 random, int shift, long rise) {
    TreeMap<Long, Deadline> model = new TreeMap<>();
    List<Long> expired = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long key = (rise * i + (random.nextLong() >>> shift)) * 32_768 + i;
      model.put(key, queue.at(key, () -> expired.add(key)));
      if (i % 3 == 0) {
        Long near = model.ceilingKey((rise * i / 2 + (random.nextLong() >>> shift)) * 32_768);
        if (near != null) {
          queue.cancel(model.remove(near));
        }
      }
      assertThat(queue.nextNanos()).isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.firstKey());
    }
    assertThat(queue.size()).isEqualTo(model.size());

    queue.expire(Long.MAX_VALUE - 1);

    assertThat(expired).containsExactlyElementsOf(model.keySet());
  }
}
