package raftkv.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.port.EventLoop;

@Timeout(20)
class ExecutorEventLoopTest {
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "kv-1-loop"));
  private final ExecutorEventLoop loop =
      new ExecutorEventLoop(
          executor, (thread, failure) -> failures.add(thread + ": " + failure.getMessage()));

  @AfterEach
  void stop() {
    loop.close();
    executor.shutdownNow();
  }

  @Test
  void tasksRunInTheOrderGivenOnTheLoopsThread() throws Exception {
    List<String> order = new ArrayList<>();

    loop.execute(() -> order.add("first " + Thread.currentThread().getName()));
    loop.execute(() -> order.add("second"));

    assertThat(onLoop(done -> done.complete(List.copyOf(order))))
        .isEqualTo(List.of("first kv-1-loop", "second"));
  }

  @Test
  void timersRunByTimeAndEqualTimesInTheOrderSet() throws Exception {
    List<String> order = new ArrayList<>();

    Object result =
        onLoop(
            done -> {
              loop.schedule(() -> order.add("late"), 20_000_000);
              loop.schedule(() -> order.add("early"), 1_000_000);
              loop.schedule(() -> order.add("at once"), 0);
              loop.schedule(() -> done.complete(List.copyOf(order)), 25_000_000);
            });

    assertThat(result).isEqualTo(List.of("at once", "early", "late"));
  }

  @Test
  void timerDoesNotRunBeforeItsTime() throws Exception {
    Object waited =
        onLoop(
            done -> {
              long from = loop.nowNanos();
              loop.schedule(() -> done.complete(loop.nowNanos() - from), 15_000_000);
            });

    assertThat((Long) waited).isGreaterThanOrEqualTo(15_000_000L);
  }

  @Test
  void cancelledTimerNeverRuns() throws Exception {
    List<String> order = new ArrayList<>();

    Object result =
        onLoop(
            done -> {
              EventLoop.Timer timer = loop.schedule(() -> order.add("cancelled"), 1_000_000);
              loop.schedule(() -> done.complete(List.copyOf(order)), 10_000_000);
              timer.cancel();
            });

    assertThat(result).isEqualTo(List.of());
  }

  @Test
  void tasksFromManyThreadsAllRunAlthoughTheLoopSleepsInBetween() throws Exception {
    int threads = 4;
    int each = 20_000;
    long[] count = new long[1];
    CompletableFuture<Void> all = new CompletableFuture<>();
    List<Thread> givers = new ArrayList<>();

    for (int i = 0; i < threads; i++) {
      Thread giver =
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  loop.execute(
                      () -> {
                        if (++count[0] == (long) threads * each) {
                          all.complete(null);
                        }
                      });
                  if (n % 1_000 == 0) {
                    Thread.onSpinWait();
                  }
                }
              });
      giver.start();
      givers.add(giver);
    }

    all.get(15, TimeUnit.SECONDS);
    for (Thread giver : givers) {
      giver.join();
    }
    assertThat(count[0]).isEqualTo((long) threads * each);
  }

  @Test
  void taskThatThrowsIsReportedAndNothingRunsAfterIt() throws Exception {
    List<String> order = new ArrayList<>();

    loop.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    loop.execute(() -> order.add("after"));

    assertThat(failures.poll(10, TimeUnit.SECONDS)).isEqualTo("kv-1-loop: broken");
    loop.close();
    assertThat(order).isEmpty();
  }

  @Test
  void closingRunsWhatWasGivenBefore() {
    List<String> order = new ArrayList<>();
    loop.execute(() -> order.add("given"));

    loop.close();

    assertThat(order).containsExactly("given");
  }

  @Test
  void nothingRunsAfterTheEndThoughTheThreadGoesOn() throws Exception {
    List<String> order = new ArrayList<>();
    // Due behind the end, also on a slow machine, and in front of what is set later.
    long millis = 200;
    onLoop(done -> done.complete(loop.schedule(() -> order.add("timer"), millis * 1_000_000)));

    loop.close();
    loop.execute(() -> order.add("task"));
    executor.schedule(() -> order.add("other"), millis, TimeUnit.MILLISECONDS).get();

    assertThat(order).containsExactly("other");
  }

  @Test
  void whatIsGivenWhenTheThreadHasGoneIsDropped() {
    List<String> order = new ArrayList<>();
    executor.shutdownNow();

    loop.execute(() -> order.add("task"));
    loop.close();

    assertThat(order).isEmpty();
  }

  private Object onLoop(Consumer<CompletableFuture<Object>> task) throws Exception {
    CompletableFuture<Object> done = new CompletableFuture<>();
    loop.execute(() -> task.accept(done));
    return done.get(10, TimeUnit.SECONDS);
  }
}
