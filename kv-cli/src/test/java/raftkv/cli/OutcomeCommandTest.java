package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import raftkv.cli.CallFixture.Call;
import raftkv.proto.kv.v1.GetRequestOutcomeRequest;

/** What became of a write whose session has a start, which servers that evicted one insist on. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutcomeCommandTest {
  private final CallFixture fixture = new CallFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void startIsPassedOnWithAndWithoutCancel() {
    String[] question = {"outcome", "--client-id", "me", "--seq", "8", "--session-start", "3"};
    String[] cancel = Arrays.copyOf(question, 8);
    cancel[7] = "--cancel";

    fixture.call(question);
    fixture.call(cancel);

    assertThat(fixture.cluster().node(1).received())
        .hasSize(2)
        .allSatisfy(
            asked -> assertThat(((GetRequestOutcomeRequest) asked).getSessionStart()).isEqualTo(3));
  }

  @Test
  void startIsAskedForWhereItMayBeMissing() {
    fixture.cluster().store().forget("me", 8);

    Call without = fixture.call("outcome", "--client-id", "me", "--seq", "8");
    Call with = fixture.call("outcome", "--client-id", "me", "--seq", "8", "--session-start", "3");

    assertThat(without.code()).isEqualTo(4);
    assertThat(without.out()).startsWith("EXPIRED");
    assertThat(without.err()).contains("--session-start");
    assertThat(with.code()).isEqualTo(4);
    assertThat(with.err()).isEmpty();
  }
}
