package raftkv.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SpeedTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void seesWorkDoneUntilItIsClosed() {
    Speed speed = Speed.watch();
    await(() -> speed.perMicro() > 0);
    speed.close();
    await(() -> !isAlive());
  }

  @Test
  void whatWasForgottenDoesNotCount() {
    Speed speed = Speed.watch();
    await(() -> speed.perMicro() > 0);
    speed.close();
    await(() -> !isAlive());

    speed.forget();

    assertThat(speed.perMicro()).isZero();
  }

  private static boolean isAlive() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("speed"));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
