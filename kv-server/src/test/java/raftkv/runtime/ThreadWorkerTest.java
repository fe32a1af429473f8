package raftkv.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ThreadWorkerTest {
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final ThreadWorker worker =
      ThreadWorker.start(
          "kv-1-disk", (thread, failure) -> failures.add(thread + ": " + failure.getMessage()));

  @Test
  void closingWaitsForTheTasksGivenBefore() {
    List<String> order = new ArrayList<>();

    worker.execute(() -> order.add("first"));
    worker.execute(() -> order.add("second"));
    worker.close();

    assertThat(order).containsExactly("first", "second");
  }

  @Test
  void interruptReachesNoTask() {
    List<Boolean> interrupted = new ArrayList<>();

    worker.execute(() -> Thread.currentThread().interrupt());
    worker.execute(() -> interrupted.add(Thread.currentThread().isInterrupted()));
    worker.close();

    assertThat(interrupted).containsExactly(false);
  }

  @Test
  void taskThatThrowsIsReportedAndNothingRunsAfterIt() throws Exception {
    List<String> order = new ArrayList<>();

    worker.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    worker.execute(() -> order.add("after"));

    assertThat(failures.poll(10, TimeUnit.SECONDS)).isEqualTo("kv-1-disk: broken");
    worker.close();
    assertThat(order).isEmpty();
  }
}
