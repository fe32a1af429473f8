package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.cli.CallFixture.Call;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;

/** What --timeout does, and other options with a number. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimeoutTest {
  private final CallFixture fixture = new CallFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** Half of it is for a node that may not answer, half for the leader's view of that node. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "members"})
  void silentNodeIsWaitedForAsLongAsTheTimeoutSays(String command) {
    fixture.cluster().node(2).hang();
    long begin = System.nanoTime();

    Call call = fixture.call(command, "--timeout", "5s");

    assertThat(call.code()).isZero();
    assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(2_400L, 15_000L);
  }

  @Test
  void silentNodeDoesNotHoldALoadUp() {
    fixture.stdin("a 1\nb 2\n".getBytes(StandardCharsets.UTF_8));
    fixture.cluster().node(1).hang();
    fixture.cluster().lead(2, 2);
    long begin = System.nanoTime();

    Call call = fixture.call("load", "-", "--timeout", "25s");

    assertThat(call.code()).isZero();
    assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(15_000);
  }

  @Test
  void timeoutOfAListIsForAllItsPages() {
    for (int i = 0; i < 4; i++) {
      fixture.call("put", "k" + i, "v");
    }
    Treatment later =
        Treatment.refuse(Refusal.of(Code.UNAVAILABLE, "OVERLOADED").retryAfterMillis(1_500));
    fixture.cluster().node(1).next(later, Treatment.answer(), later);

    Call list = fixture.callAt(1, "list", "--page-size", "2", "--timeout", "2500ms");

    assertThat(list.out()).isEqualTo("k0\tv\nk1\tv\n");
    assertThat(list.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(list.err()).contains("OVERLOADED");
  }

  @ParameterizedTest
  @CsvSource({
    "put k v --timeout 200000000m, too long",
    "get k --timeout 1441m, too long",
    "get k --timeout 9999999999999999999s, too long",
    "get k --timeout 0ms, no time above zero",
    "get k --timeout s, no time above zero",
    "hash --index=-5, no index",
    "hash --index 0, no index",
  })
  void numbersOutOfRangeAreMistakesInOneSentence(String command, String why) {
    Call call = fixture.call(command.split(" "));

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).startsWith("kv-cli: ").contains(why).doesNotContain("Exception");
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void longestTimeoutIsADay() {
    assertThat(fixture.call("put", "k", "v", "--timeout", "1440m").code()).isZero();
  }
}
