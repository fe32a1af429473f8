package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import raftkv.cli.CallFixture.Call;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;

/** Exit codes, and what the user is told. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresTest {
  private final CallFixture fixture = new CallFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void nodeOneAlways(Treatment treatment) {
    for (int i = 0; i < 80; i++) {
      fixture.cluster().node(1).next(treatment);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT,    KEY_EMPTY,           NOT_APPLIED, 5",
    "INVALID_ARGUMENT,    VALUE_TOO_LARGE,     NOT_APPLIED, 5",
    "INVALID_ARGUMENT,    SEQ_NUM_REUSED,      NOT_APPLIED, 5",
    "FAILED_PRECONDITION, SEQ_NUM_TOO_OLD,     UNKNOWN,     4",
    "FAILED_PRECONDITION, ANSWER_FORGOTTEN,    APPLIED,     0",
    "FAILED_PRECONDITION, CANCELLED_BY_CLIENT, NOT_APPLIED, 5",
    "RESOURCE_EXHAUSTED,  DISK_FULL,           NOT_APPLIED, 3",
    "UNAVAILABLE,         NO_LEADER,           NOT_APPLIED, 3",
    "UNAVAILABLE,         PROPOSAL_DROPPED,    NOT_APPLIED, 3",
    "UNAVAILABLE,         OVERLOADED,          NOT_APPLIED, 3",
    "UNAVAILABLE,         NOT_READY,           NOT_APPLIED, 3",
    "UNAVAILABLE,         OUTCOME_UNKNOWN,     UNKNOWN,     4",
    "DEADLINE_EXCEEDED,   OUTCOME_UNKNOWN,     UNKNOWN,     4",
    "FAILED_PRECONDITION, SESSION_EXPIRED,     UNKNOWN,     4",
  })
  void everyReasonHasItsExitCode(Code code, String reason, String outcome, int exit) {
    // The pause that the node asks for is beyond the deadline, so the first refusal ends the call.
    nodeOneAlways(Treatment.refuse(Refusal.of(code, reason, outcome).retryAfterMillis(60_000)));

    Call put =
        fixture.callAt(1, "put", "k", "v", "--timeout", "20s", "--client-id", "me", "--seq", "1");

    assertThat(put.code()).isEqualTo(exit);
    assertThat(put.err()).contains(reason).contains("put 'k'");
  }

  @Test
  void lostConnectionIsFourAndNamesTheWayToFindOut() {
    nodeOneAlways(Treatment.fail(Status.UNAVAILABLE));

    Call put = fixture.callAt(1, "put", "k", "v", "--timeout", "2s");

    assertThat(put.code()).isEqualTo(4);
    assertThat(put.err())
        .contains("OUTCOME UNKNOWN")
        .containsPattern("kv-cli outcome --client-id [0-9a-f]{32} --seq 1");
  }

  /** Servers that ever evicted a session tell nothing of a later one without its start. */
  @Test
  void wayToFindOutNamesTheStartOfTheSession() {
    fixture.cluster().store().skipTo(500);
    nodeOneAlways(Treatment.fail(Status.UNAVAILABLE));

    Call put = fixture.callAt(1, "put", "k", "v", "--timeout", "1s");
    Call json = fixture.callAt(1, "put", "k", "v", "--timeout", "1s", "-o", "json");

    assertThat(put.err())
        .containsPattern("'kv-cli outcome --client-id [0-9a-f]{32} --seq 1 --session-start 500'");
    assertThat(json.out())
        .containsPattern("\"client_id\":\"[0-9a-f]{32}\",\"seq_num\":1,\"session_start\":500");
  }

  @Test
  void lostCancelIsFourAndMayBeRepeated() {
    nodeOneAlways(Treatment.fail(Status.UNAVAILABLE));
    String[] question = {"outcome", "--client-id", "me", "--seq", "7", "--timeout", "1s"};
    String[] cancel = Arrays.copyOf(question, 8);
    cancel[7] = "--cancel";

    Call lost = fixture.callAt(1, cancel);
    Call asked = fixture.callAt(1, question);

    assertThat(lost.code()).isEqualTo(4);
    assertThat(lost.err())
        .startsWith("kv-cli: cancel of me/7: OUTCOME UNKNOWN")
        .contains("What now: cancel it again");
    assertThat(asked.code()).isEqualTo(3);
    assertThat(asked.err()).startsWith("kv-cli: outcome of me/7: not done");
  }

  @Test
  void nobodyListeningIsThreeAndSaysWhatToDo() {
    fixture.cluster().node(1).stop();

    Call put = fixture.callAt(1, "put", "k", "v", "--timeout", "250ms");
    Call get = fixture.callAt(1, "get", "k", "--timeout", "250ms");

    assertThat(put.code()).isEqualTo(3);
    assertThat(put.err()).contains("NOT_CONNECTED").contains("What now: start the nodes");
    assertThat(get.code()).isEqualTo(3);
  }

  @Test
  void conditionWhoseAnswerIsForgottenIsUnknown() {
    nodeOneAlways(
        Treatment.refuse(Refusal.of(Code.FAILED_PRECONDITION, "ANSWER_FORGOTTEN", "APPLIED")));

    assertThat(fixture.callAt(1, "cas", "k", "v", "--if-absent").code()).isEqualTo(4);
    assertThat(fixture.callAt(1, "del", "k", "--if-index", "3").code()).isEqualTo(4);
    assertThat(fixture.callAt(1, "del", "k").code()).isZero();
  }

  @Test
  void leaderOnlyShowsNotLeaderWithTheHint() {
    fixture
        .cluster()
        .node(2)
        .next(
            Treatment.refuse(
                Refusal.of(Code.UNAVAILABLE, "NOT_LEADER", "NOT_APPLIED")
                    .with("leader_id", 1)
                    .with("leader_endpoint", "localhost:9001")
                    .with("term", 1)));

    Call put = fixture.callAt(2, "put", "k", "v", "--leader-only");

    assertThat(put.code()).isEqualTo(3);
    assertThat(put.err()).contains("NOT_LEADER").contains("leader: node 1 at localhost:9001");
  }

  @Test
  void pinnedPortTalksToThatNodeAlone() {
    fixture.callAt(2, "put", "k", "v");

    assertThat(fixture.cluster().node(2).received()).hasSize(1);
    assertThat(fixture.cluster().node(1).received()).isEmpty();
    assertThat(fixture.cluster().node(1).leaderQuestions()).isZero();
  }

  @Test
  void jsonErrorsAreObjectsToo() {
    nodeOneAlways(
        Treatment.refuse(
            Refusal.of(Code.INVALID_ARGUMENT, "KEY_TOO_LARGE", "NOT_APPLIED")
                .badField("key")
                .with("limit", 1024)));

    Call put = fixture.callAt(1, "put", "k", "v", "-o", "json");

    assertThat(put.code()).isEqualTo(5);
    assertThat(put.out())
        .startsWith("{\"error\":{\"reason\":\"KEY_TOO_LARGE\",\"outcome\":\"NOT_APPLIED\"")
        .contains("\"field\":\"key\"")
        .contains("\"limit\":\"1024\"");
  }

  @Test
  void bulkReportsWhatFailedAndKeepsTheWorstCode() {
    fixture.stdin("a 1\nb 2\nc 3\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.answer(),
            Treatment.refuse(Refusal.of(Code.INVALID_ARGUMENT, "VALUE_TOO_LARGE", "NOT_APPLIED")));

    Call put = fixture.callAt(1, "put", "--from", "-");

    assertThat(put.code()).isEqualTo(5);
    assertThat(put.out()).contains("a stored", "c stored", "2 of 3 keys stored");
    assertThat(put.err()).contains("put 'b'");
  }

  @Test
  void optionsMayStandBeforeOrAfterTheCommand() {
    String port = Integer.toString(fixture.cluster().node(1).port());

    assertThat(fixture.call(Map.of(), "--port", port, "-o", "json", "put", "k", "v").out())
        .startsWith("{");
    assertThat(fixture.call(Map.of(), "put", "k", "v", "-o", "json", "--port", port).out())
        .startsWith("{");
    String endpoints = String.join(",", fixture.cluster().endpoints());
    assertThat(fixture.call(Map.of(), "--endpoints", endpoints, "get", "k").out()).isEqualTo("v\n");
    assertThat(fixture.call(Map.of(), "get", "--endpoints=" + endpoints, "k").out())
        .isEqualTo("v\n");
  }

  @Test
  void verboseShowsAttemptsAndNodesOnStderr() {
    fixture.cluster().node(1).next(Treatment.fail(Status.UNAVAILABLE));

    Call put = fixture.call("-v", "put", "k", "v");

    assertThat(put.out()).startsWith("k stored");
    assertThat(put.err())
        .containsPattern("Put copy 1 to localhost:" + fixture.cluster().node(1).port())
        .contains("NO_ANSWER")
        .contains("Put copy 2 to");
  }

  @Test
  void mistakesAreTwoAndOneSentence() {
    List<String[]> mistakes =
        List.of(
            new String[] {"nonsense"},
            new String[] {"--nonsense"},
            new String[] {"-v"},
            new String[] {"put", "k"},
            new String[] {"put", "k", "v", "w"},
            new String[] {"get"},
            new String[] {"get", "k", "--port", "99999"},
            new String[] {"get", "k", "--port", "x"},
            new String[] {"get", "k", "--port", "1", "--endpoints", "a:1"},
            new String[] {"get", "k", "--endpoints", "a"},
            new String[] {"get", "k", "--timeout", "5"},
            new String[] {"get", "k", "--timeout", "0s"},
            new String[] {"get", "k", "-o", "xml"},
            new String[] {"get", "k", "--consistency", "eventual"},
            new String[] {"transfer", "x"},
            new String[] {"status", "--wait", "long"},
            new String[] {"outcome", "--seq", "1"});
    for (String[] mistake : mistakes) {
      Call call = fixture.call(mistake);

      assertThat(call.code()).as(String.join(" ", mistake)).isEqualTo(2);
      assertThat(call.err()).startsWith("kv-cli: ").doesNotContain("Exception");
      assertThat(call.err().lines().count()).as(call.err()).isLessThanOrEqualTo(3);
      assertThat(call.out()).isEmpty();
    }
  }

  @Test
  void helpAndVersionAreZero() {
    assertThat(fixture.call().out()).contains("Usage: kv-cli").contains("transfer");
    assertThat(fixture.call("--help").code()).isZero();
    assertThat(fixture.call("--version").out()).startsWith("kv-cli ");
    for (String command :
        List.of(
            "put",
            "get",
            "del",
            "cas",
            "list",
            "count",
            "status",
            "members",
            "transfer",
            "hash",
            "outcome")) {
      Call help = fixture.call(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains(command);
    }
  }
}
