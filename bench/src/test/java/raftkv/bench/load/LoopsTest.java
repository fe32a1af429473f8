package raftkv.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two loops against a target that stalls once. */
class LoopsTest {
  private static final long MILLI = 1_000_000;
  private static final long STALL = 300 * MILLI;
  private static final Workload PUTS = new Workload(Kind.PUT, 1_000, 16, 64, 1);

  private FakeTarget target = new FakeTarget();

  @AfterEach
  void close() {
    target.close();
  }

  private Operations puts() {
    return new Operations(target, PUTS, null);
  }

  // Goal: no coordinated omission. At 1,000 a second 300 operations fall due during a stall of 300
  // ms,
  // so that of 1,000 about a third waited, evenly spread from 0 to 300 ms.
  @Test
  void operationsThatFallDueDuringAStallCountWithTheTimeTheyWaited() throws InterruptedException {
    target.stallingAt(200, STALL);

    Recorder.Result result = OpenLoop.run(puts(), 1_000, 512, Limit.ofOperations(1_000));

    Histogram latencies = result.latencies();
    assertThat(latencies.getTotalCount()).isEqualTo(1_000);
    assertThat(latencies.getCountBetweenValues(100 * MILLI, 10_000 * MILLI))
        .isBetween(180L, 1_000L);
    assertThat(latencies.getValueAtPercentile(90)).isGreaterThan(150 * MILLI);
  }

  // Goal: a place among those in flight is waited for at the expense of the figures, not of the
  // rate.
  @Test
  void aStallShowsEvenIfFewMayBeInFlight() throws InterruptedException {
    target.stallingAt(200, STALL);

    Recorder.Result result = OpenLoop.run(puts(), 1_000, 4, Limit.ofOperations(1_000));

    assertThat(result.latencies().getValueAtPercentile(90)).isGreaterThan(150 * MILLI);
  }

  @Test
  void aClosedLoopSeesAStallOnlyInAsManyOperationsAsAreInFlight() throws InterruptedException {
    target.stallingAt(200, STALL);

    Recorder.Result result = ClosedLoop.run(puts(), 4, Limit.ofOperations(1_000));

    assertThat(result.latencies().getTotalCount()).isEqualTo(1_000);
    assertThat(result.latencies().getCountBetweenValues(STALL / 2, 100 * STALL))
        .isBetween(1L, 100L);
    assertThat(result.nanos()).isGreaterThan(STALL);
  }

  @Test
  void anOpenLoopKeepsItsRateAndItsTime() throws InterruptedException {
    Recorder.Result result = OpenLoop.run(puts(), 2_000, 512, Limit.ofSeconds(0.5));

    assertThat(result.answered()).isEqualTo(1_000);
    assertThat(result.nanos()).isGreaterThan(499 * MILLI);
  }

  @Test
  void failuresAreCountedByReasonAndNotAmongTheLatencies() throws InterruptedException {
    target.refuse();

    Recorder.Result result = ClosedLoop.run(puts(), 4, Limit.ofOperations(100));

    assertThat(result.answered()).isZero();
    assertThat(result.errors()).containsOnlyKeys("REFUSED").containsEntry("REFUSED", 100L);
    assertThat(result.failed()).isEqualTo(100);
  }

  // Goal: a stack of any depth is not needed for any number of refusals.
  @Test
  void operationsThatEndBeforeTheyAreSentDoNotFillTheStack() throws InterruptedException {
    target.refuseAtOnce();

    Recorder.Result result = ClosedLoop.run(puts(), 4, Limit.ofOperations(200_000));

    assertThat(result.errors()).containsEntry("REFUSED", 200_000L);
  }
}
