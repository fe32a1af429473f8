package raftkv.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import raftkv.port.EventLoop;

/** Writing a snapshot leaves most of the time to others. */
final class PaceTest {
  private static final long MILLI = 1_000_000;

  /** One mebibyte at 64 mebibytes a second. */
  private static final long GAP = 15_625_000;

  private final LoopOfNumbers loop = new LoopOfNumbers();
  private final Pace pace = Pace.of(loop);
  private final List<Long> begun = new ArrayList<>();

  /** A loop on which time passes only from task to task. */
  private static final class LoopOfNumbers implements EventLoop {
    private record Due(long nanos, int number, Runnable task) {}

    private final PriorityQueue<Due> queue =
        new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparing(Due::number));
    private long now;
    private int number;

    @Override
    public long nowNanos() {
      return now;
    }

    @Override
    public void execute(Runnable task) {
      schedule(task, 0);
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
      queue.add(new Due(now + delayNanos, number++, task));
      return () -> {};
    }

    void run() {
      for (Due next = queue.poll(); next != null; next = queue.poll()) {
        now = Math.max(now, next.nanos());
        next.task().run();
      }
    }
  }

  /** So many steps, one after the other, each of that length. */
  private void steps(int left, long tookNanos) {
    if (left > 0) {
      pace.next(
          () -> {
            begun.add(loop.now);
            loop.now += tookNanos;
            steps(left - 1, tookNanos);
          });
    }
  }

  @Test
  void stepsBeginNoFasterThanTheRateAllows() {
    steps(5, 3 * MILLI);
    loop.run();

    assertThat(begun).containsExactly(0L, GAP, 2 * GAP, 3 * GAP, 4 * GAP);
  }

  /** What a slow disk has cost is not made up for by a burst. */
  @Test
  void slowStepsFollowEachOtherAtOnceAndLeaveNoDebt() {
    steps(3, 40 * MILLI);
    loop.run();
    steps(3, MILLI);
    loop.run();

    assertThat(begun)
        .containsExactly(
            0L, 40 * MILLI, 80 * MILLI, 120 * MILLI, 120 * MILLI + GAP, 120 * MILLI + 2 * GAP);
  }
}
