package raftkv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LevelTest {
  /** Nobody listens there. */
  private static final List<String> NOBODY = List.of("127.0.0.1:1");

  private static String silenceOf(String target) throws InterruptedException {
    Options options = new Options();
    options.target = target;
    Level level = new Level(options, NOBODY, List.of());
    AtomicInteger attempts = new AtomicInteger();

    assertThat(level.run(() -> attempts.getAndIncrement() > 0)).isNull();

    return level.silence();
  }

  @Test
  void saysThatNobodyLeads() throws InterruptedException {
    assertThat(silenceOf("raftkv")).isEqualTo("none of [127.0.0.1:1] knows a leader");
  }

  @Test
  void saysHowAPutFailed() throws InterruptedException {
    assertThat(silenceOf("echo")).contains("UNAVAILABLE");
  }
}
