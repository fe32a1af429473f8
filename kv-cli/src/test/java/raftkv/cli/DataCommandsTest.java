package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import raftkv.cli.CallFixture.Call;
import raftkv.proto.kv.v1.Consistency;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.GetRequest;
import raftkv.proto.kv.v1.PutRequest;

/** put, get, del, cas, list, count, outcome when all goes well, or is definitely not so. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataCommandsTest {
  private final CallFixture fixture = new CallFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Entry stored(String key) {
    return Objects.requireNonNull(fixture.cluster().store().entry(key));
  }

  @Test
  void putSaysWhereItIsStoredAndGetPrintsTheBareValue() {
    Call put = fixture.call("put", "key1", "value1");
    Call get = fixture.call("get", "key1");

    assertThat(put.code()).isZero();
    assertThat(put.out()).isEqualTo("key1 stored at index 1, version 1\n");
    assertThat(put.err()).isEmpty();
    assertThat(get.code()).isZero();
    assertThat(get.out()).isEqualTo("value1\n");
  }

  @Test
  void rawAddsNothing() {
    fixture.call("put", "k", "v");

    assertThat(fixture.call("get", "k", "-o", "raw").out()).isEqualTo("v");
  }

  @Test
  void jsonIsOneObjectALine() {
    fixture.call("put", "k", "say \"hi\"\n\\\u0001é");

    assertThat(fixture.call("get", "k", "-o", "json").out())
        .isEqualTo(
            "{\"key\":\"k\",\"value\":\"say \\\"hi\\\"\\n\\\\\\u0001é\",\"mod_index\":1,"
                + "\"create_index\":1,\"version\":1,\"found\":true,\"node\":1}\n");
    assertThat(fixture.call("put", "k", "v", "-o", "json").out())
        .contains("\"mod_index\":2")
        .contains("\"deduplicated\":false");
  }

  @Test
  void missingKeyIsOneAndSaysSo() {
    Call get = fixture.call("get", "nokey");

    assertThat(get.code()).isEqualTo(1);
    assertThat(get.out()).isEmpty();
    assertThat(get.err()).contains("key 'nokey' not found");
    assertThat(fixture.call("get", "nokey", "-o", "json").out()).contains("\"found\":false");
  }

  @Test
  void severalKeysArePrintedInTheOrderGiven() {
    fixture.call("put", "a", "1");
    fixture.call("put", "b", "2");

    Call get = fixture.call("get", "b", "nokey", "a");

    assertThat(get.out()).isEqualTo("2\n1\n");
    assertThat(get.code()).isEqualTo(1);
  }

  @Test
  void valueComesFromStdinAsTextOrBytes() {
    fixture.stdin("line\n".getBytes(StandardCharsets.UTF_8));
    fixture.call("put", "text", "-");
    fixture.stdin(new byte[] {(byte) 0xff, 0, 1});
    fixture.call("put", "bytes", "-");

    assertThat(stored("text").getValue()).isEqualTo("line\n");
    assertThat(stored("bytes").hasBytesValue()).isTrue();
    assertThat(fixture.call("get", "bytes", "-o", "raw").rawOut().toByteArray())
        .isEqualTo(new byte[] {(byte) 0xff, 0, 1});
    assertThat(fixture.call("get", "bytes", "-o", "json").out())
        .contains("\"value_bytes\":\"/wAB\"");
  }

  @Test
  void valueThatBeginsWithADashGoesBehindTwo() {
    assertThat(fixture.call("put", "k", "--", "--port").code()).isZero();
    assertThat(stored("k").getValue()).isEqualTo("--port");

    Call wrong = fixture.call("put", "k", "-xyz");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("'--'");
  }

  @Test
  void wordsThatAreAlsoCommandsAreValuesWhereValuesBelong() {
    assertThat(fixture.call("put", "get", "list").code()).isZero();
    assertThat(fixture.call("get", "get").out()).isEqualTo("list\n");
  }

  @Test
  void fileOfLinesIsStoredByOneCall(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("keys");
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 50; i++) {
      lines.append("key").append(i).append(" value ").append(i).append('\n');
    }
    Files.writeString(file, lines);

    Call put = fixture.call("put", "--from", file.toString());

    assertThat(put.code()).isZero();
    assertThat(put.out()).contains("key50 stored at index").endsWith("50 of 50 keys stored\n");
    assertThat(stored("key7").getValue()).isEqualTo("value 7");
    assertThat(fixture.cluster().store().applied()).hasSize(50);
  }

  @Test
  void fileThatIsNoListOfKeysIsRefusedBeforeAnythingIsSent() {
    fixture.stdin("a 1\nb\n".getBytes(StandardCharsets.UTF_8));
    Call noValue = fixture.call("put", "--from", "-");
    fixture.stdin("a 1\na 2\n".getBytes(StandardCharsets.UTF_8));
    Call twice = fixture.call("put", "--from", "-");
    Call missing = fixture.call("put", "--from", "no/such/file");

    assertThat(noValue.code()).isEqualTo(2);
    assertThat(noValue.err()).contains("line 2");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("'a' again");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("no/such/file");
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void bytesOfAFileAreStoredAsTheyAreOrRefused() {
    fixture.stdin("word cafe\nlatin caf\u00e9\n\nend\tx\r\n".getBytes(StandardCharsets.ISO_8859_1));
    Call values = fixture.call("put", "--from", "-");
    fixture.stdin("a 1\n\ncaf\u00e9 2\n".getBytes(StandardCharsets.ISO_8859_1));
    Call key = fixture.call("put", "--from", "-");

    assertThat(values.code()).isZero();
    assertThat(stored("word").getValue()).isEqualTo("cafe");
    assertThat(stored("latin").getBytesValue().toByteArray())
        .isEqualTo("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(stored("end").getValue()).isEqualTo("x");
    assertThat(key.code()).isEqualTo(ExitCode.USAGE);
    assertThat(key.err()).contains("line 3 of - has a key that is not UTF-8");
    assertThat(fixture.cluster().store().applied()).hasSize(3);
  }

  /** More than a client holds at a time. */
  @Test
  void fileOfAnySizeIsStored() {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 17_000; i++) {
      lines.append("key").append(i).append(" v\n");
    }
    fixture.stdin(lines.toString().getBytes(StandardCharsets.UTF_8));

    Call put = fixture.call("put", "--from", "-", "--timeout", "20s");

    assertThat(put.err()).isEmpty();
    assertThat(put.code()).isZero();
    assertThat(put.out()).endsWith("17000 of 17000 keys stored\n");
  }

  /** Otherwise each would be waited for, one after another. */
  @Test
  void fileIsGivenUpOnceNobodyTakesALine() {
    for (int id = 1; id <= 3; id++) {
      fixture.cluster().node(id).stop();
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 1_000; i++) {
      lines.append("key").append(i).append(" v\n");
    }
    fixture.stdin(lines.toString().getBytes(StandardCharsets.UTF_8));

    Call put = fixture.call("put", "--from", "-", "--timeout", "300ms");

    assertThat(put.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(put.err()).contains("put 'key1'", "the last 872 keys were not sent");
    assertThat(put.out()).isEqualTo("0 of 1000 keys stored\n");
  }

  @Test
  void delRemovesAndSaysWhetherThereWasAnything() {
    fixture.call("put", "k", "v");

    assertThat(fixture.call("del", "k", "--if-index", "99"))
        .satisfies(call -> assertThat(call.code()).isEqualTo(1))
        .satisfies(call -> assertThat(call.err()).contains("condition not met").contains("'v'"));
    assertThat(fixture.call("del", "k", "--if-index", "1").out()).contains("k deleted at index");
    Call again = fixture.call("del", "k");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("not found");
  }

  @Test
  void casStoresIfAndOnlyIfItsConditionHolds() {
    assertThat(fixture.call("cas", "k", "1", "--if-absent").code()).isZero();
    assertThat(fixture.call("cas", "k", "2", "--if-absent").code()).isEqualTo(1);
    assertThat(fixture.call("cas", "k", "2", "--if-value", "1").code()).isZero();
    Call wrong = fixture.call("cas", "k", "3", "--if-value", "1");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("the current value is '2'");
    long index = stored("k").getModIndex();
    assertThat(fixture.call("cas", "k", "4", "--if-index", Long.toString(index)).code()).isZero();
    assertThat(stored("k").getValue()).isEqualTo("4");
    assertThat(fixture.call("cas", "k", "5", "--if-value", "x", "-o", "json").out())
        .contains("\"succeeded\":false")
        .contains("\"value\":\"4\"");
  }

  @Test
  void casWithoutExactlyOneConditionIsAMistake() {
    assertThat(fixture.call("cas", "k", "v").code()).isEqualTo(2);
    assertThat(fixture.call("cas", "k", "v", "--if-absent", "--if-value", "x").code()).isEqualTo(2);
  }

  @Test
  void listFollowsPagesUpToTheLimit() {
    for (int i = 0; i < 5; i++) {
      fixture.call("put", "p" + i, "v" + i);
    }
    fixture.call("put", "q", "v");

    assertThat(fixture.call("list", "p", "--page-size", "2").out())
        .isEqualTo("p0\tv0\np1\tv1\np2\tv2\np3\tv3\np4\tv4\n");
    assertThat(fixture.call("list", "--limit", "3", "--keys").out()).isEqualTo("p0\np1\np2\n");
    assertThat(fixture.call("list", "q", "-o", "json").out()).contains("\"key\":\"q\"");
    assertThat(fixture.call("count").out()).isEqualTo("6\n");
    assertThat(fixture.call("count", "p", "-o", "json").out()).contains("\"count\":5");
    assertThat(fixture.call("list", "--limit", "0").out()).isEmpty();
    Call negative = fixture.call("list", "--limit", "-1");
    assertThat(negative.code()).isEqualTo(ExitCode.USAGE);
    assertThat(negative.err()).startsWith("kv-cli: --limit -1 is negative\n");
  }

  @Test
  void repeatedRequestSaysThatItWasADuplicate() {
    String[] put = {"put", "k", "v", "--client-id", "me", "--seq", "7"};

    Call first = fixture.call(put);
    Call second = fixture.call(put);

    assertThat(first.out()).isEqualTo("k stored at index 1, version 1\n");
    assertThat(first.err()).contains("chosen from now on, goes with --session-start");
    assertThat(second.out()).startsWith("k stored at index 1, version 1 (duplicate:");
    assertThat(fixture.cluster().store().applied()).containsExactly("me/7");
    PutRequest request = (PutRequest) fixture.cluster().node(1).received().get(0);
    assertThat(request.hasSessionStart()).isFalse();
    assertThat(request.hasAckSeq()).isFalse();
  }

  @Test
  void sessionStartIsSentAsGiven() {
    Call put =
        fixture.call("put", "k", "v", "--client-id", "me", "--seq", "7", "--session-start", "3");

    assertThat(put.err()).isEmpty();
    PutRequest request = (PutRequest) fixture.cluster().node(1).received().get(0);
    assertThat(request.getSessionStart()).isEqualTo(3);
  }

  @Test
  void halfAnIdentityIsAMistake() {
    assertThat(fixture.call("put", "k", "v", "--seq", "7").code()).isEqualTo(2);
    assertThat(fixture.call("put", "k", "v", "--client-id", "me").code()).isEqualTo(2);
    assertThat(fixture.call("put", "k", "v", "--session-start", "7").code()).isEqualTo(2);
  }

  @Test
  void outcomeOfARequestCanBeAskedAndSealed() {
    fixture.call("put", "k", "v", "--client-id", "me", "--seq", "7");

    Call applied = fixture.call("outcome", "--client-id", "me", "--seq", "7");
    Call open = fixture.call("outcome", "--client-id", "me", "--seq", "8");
    Call sealed = fixture.call("outcome", "--client-id", "me", "--seq", "8", "--cancel");

    assertThat(applied.code()).isZero();
    assertThat(applied.out()).isEqualTo("APPLIED at index 1\n");
    assertThat(open.code()).isEqualTo(1);
    assertThat(open.out()).startsWith("NOT_YET_APPLIED");
    assertThat(sealed.code()).isEqualTo(1);
    assertThat(sealed.out()).startsWith("NOT_APPLIED");
  }

  @Test
  void consistencyIsPassedOn() {
    fixture.call("get", "k", "--consistency", "stale", "--min-index", "9");
    fixture.call("get", "k");

    GetRequest stale = (GetRequest) fixture.cluster().node(1).received().get(0);
    GetRequest usual = (GetRequest) fixture.cluster().node(1).received().get(1);
    assertThat(stale.getRead().getConsistency()).isEqualTo(Consistency.CONSISTENCY_STALE);
    assertThat(stale.getRead().getMinIndex()).isEqualTo(9);
    assertThat(usual.getRead().getConsistency()).isEqualTo(Consistency.CONSISTENCY_LINEARIZABLE);
  }
}
