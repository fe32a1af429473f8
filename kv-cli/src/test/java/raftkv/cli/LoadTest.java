package raftkv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import raftkv.cli.CallFixture.Call;
import raftkv.client.fake.Refusal;
import raftkv.client.fake.Treatment;
import raftkv.proto.kv.v1.Entry;
import raftkv.proto.kv.v1.PutRequest;

/** Files that are stored: what a line means, and how a load goes on after an interruption. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadTest {
  private static final Pattern CLIENT_ID = Pattern.compile("--client-id (\\S+)");

  private final CallFixture fixture = new CallFixture();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "put --from-file"})
  void everyEntryIsStoredOnceUnderItsNumber(String command) throws IOException {
    Path file = entries(500);

    Call call = fixture.call((command + " " + file).split(" "));

    assertThat(call.code()).isZero();
    assertThat(call.out()).isEqualTo("500 of 500 entries stored\n");
    String clientId = clientIdIn(call);
    assertThat(fixture.cluster().store().applied())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 500).mapToObj(n -> clientId + "/" + n).toList());
    assertThat(stored("key321").getValue()).isEqualTo("value 321");
    assertThat(puts())
        .allMatch(put -> put.hasAckSeq() && put.hasSessionStart())
        .allMatch(put -> put.getSeqNum() <= put.getAckSeq() + 128);
    assertThat(fixture.cluster().node(1).pipelinesOpened()).isEqualTo(1);
  }

  @Test
  void linesAreReadAsDocumented() {
    List<String> lines =
        List.of(
            "plain value with spaces",
            "tab\tvalue\tafter tab\r",
            "",
            "empty ",
            "key\\swith\\ttricks\\\\ a\\nb\\r\\s\\\\\\x41",
            "bytes \\xff\\x00",
            "last no-newline");
    fixture.stdin(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));

    Call call = fixture.call("load", "-", "-o", "json");

    assertThat(call.code()).isZero();
    assertThat(call.out()).startsWith("{\"entries\":6,\"stored\":6,\"stored_before\":0,");
    assertThat(stored("plain").getValue()).isEqualTo("value with spaces");
    assertThat(stored("tab").getValue()).isEqualTo("value\tafter tab");
    assertThat(stored("empty").getValue()).isEmpty();
    assertThat(stored("key with\ttricks\\").getValue()).isEqualTo("a\nb\r \\A");
    assertThat(stored("bytes").getBytesValue())
        .isEqualTo(ByteString.copyFrom(new byte[] {(byte) 0xff, 0}));
    assertThat(stored("last").getValue()).isEqualTo("no-newline");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lonely",
        " value",
        "k \\q",
        "k \\",
        "k \\x4",
        "k \\xgg",
        "\\xff v",
        "LONGKEY v",
        "k LONGVALUE",
      })
  void oneBadLineRefusesTheWholeFile(String line) throws IOException {
    String bad = line.replace("LONGKEY", "k".repeat(1_025));
    Path file = directory.resolve("bad");
    Files.writeString(
        file, "a 1\n\n" + bad.replace("LONGVALUE", "v".repeat((1 << 20) + 1)) + "\nb 2\n");

    Call call = fixture.call("load", file.toString());

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("line 3 of " + file).contains("nothing was stored");
    assertThat(call.err().lines().findFirst().orElseThrow().length()).isLessThan(300);
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void endlessLineIsRefusedBeforeItFillsTheMemory() {
    byte[] endless = new byte[6 << 20];
    java.util.Arrays.fill(endless, (byte) 'x');
    fixture.stdin(endless);

    Call call = fixture.call("load", "-");

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("longer than any key and value");
  }

  @Test
  void interruptedLoadGoesOnUnderItsClientId() throws IOException {
    Path file = entries(300);
    for (int i = 0; i < 100; i++) {
      fixture.cluster().node(1).next(Treatment.answer());
    }
    fixture.cluster().node(1).next(refusal("DISK_FULL"));

    Call first = fixture.call("load", file.toString());
    int done = fixture.cluster().store().applied().size();
    assertThat(puts())
        .as("the floor stays below what is missing")
        .allMatch(p -> p.getAckSeq() < 101);
    Call second = fixture.call("load", file.toString(), "--client-id", clientIdIn(first));

    assertThat(first.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(first.out()).isEqualTo(done + " of 300 entries stored\n");
    assertThat(first.err()).contains("line 101 of").contains("goes on from there");
    assertThat(second.code()).isZero();
    assertThat(second.out()).isEqualTo("300 of 300 entries stored, " + done + " of them before\n");
    assertThat(fixture.cluster().store().applied()).hasSize(300).doesNotHaveDuplicates();
  }

  /** The session says up to where everything was answered: none of that is sent again. */
  @Test
  void whatTheSessionHasForgottenIsSkipped() throws IOException {
    Path file = entries(60);
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SEQ_NUM_TOO_OLD", "UNKNOWN")
                    .with("highest", 45)
                    .with("floor", 40)));

    Call call = fixture.call("load", file.toString(), "--client-id", "mine");

    assertThat(call.code()).isZero();
    assertThat(call.out()).isEqualTo("60 of 60 entries stored, 40 of them before\n");
    assertThat(puts().stream().map(PutRequest::getSeqNum).distinct().sorted())
        .containsExactlyElementsOf(
            IntStream.concat(IntStream.of(1), IntStream.rangeClosed(41, 60))
                .mapToObj(n -> (long) n)
                .toList());
    assertThat(puts().subList(1, 20)).allMatch(put -> put.getAckSeq() >= 40);
    assertThat(puts()).noneMatch(PutRequest::hasSessionStart);
  }

  /** By copies of the interrupted try that had waited in a node, and arrive only now. */
  @Test
  void floorThatRisesMeanwhileIsOfStoredEntriesToo() throws IOException {
    fixture.cluster().node(1).next(tooOld(10));
    for (int number = 11; number <= 20; number++) {
      fixture.cluster().node(1).next(tooOld(20));
    }

    Call call = fixture.call("load", entries(60).toString(), "--client-id", "mine");

    assertThat(call.err()).doesNotContain("OUTCOME UNKNOWN");
    assertThat(call.code()).isZero();
    assertThat(call.out()).isEqualTo("60 of 60 entries stored, 20 of them before\n");
    assertThat(fixture.cluster().store().applied()).hasSize(40);
  }

  private static Treatment tooOld(long floor) {
    return Treatment.refuse(
        Refusal.of(Code.FAILED_PRECONDITION, "SEQ_NUM_TOO_OLD", "UNKNOWN").with("floor", floor));
  }

  /** However long the bar would have to be. */
  @Test
  void sessionOfALongerFileIsRefused() throws IOException {
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SEQ_NUM_TOO_OLD", "UNKNOWN")
                    .with("floor", 40)));

    Call call = fixture.watched("load", entries(20).toString(), "--client-id", "mine");

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("40 entries were stored under mine, more than this file has");
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void sessionOfAnotherFileIsSaidToBeThat() throws IOException {
    fixture
        .cluster()
        .node(1)
        .next(Treatment.refuse(Refusal.of(Code.ALREADY_EXISTS, "SEQ_NUM_REUSED", "NOT_APPLIED")));

    Call call = fixture.call("load", entries(20).toString(), "--client-id", "mine");

    assertThat(call.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(call.err())
        .contains("something else was loaded under mine")
        .doesNotContain("goes on from there");
  }

  @Test
  void whatCanBeReadOnlyOnceIsStoredToo() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path file = entries(20);
    CompletableFuture<?> writer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.write(pipe, Files.readAllBytes(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    Call call = fixture.call("load", pipe.toString());

    writer.join();
    assertThat(call.code()).isZero();
    assertThat(call.out()).isEqualTo("20 of 20 entries stored\n");
  }

  @Test
  void fileThatChangesMeanwhileIsNotCalledStored() throws IOException {
    Path file = entries(10_000);
    fixture.cluster().node(1).next(Treatment.then(() -> truncate(file), Treatment.answer()));

    Call call = fixture.call("load", file.toString());

    assertThat(call.code()).isEqualTo(ExitCode.USAGE);
    assertThat(call.err()).contains("was changed while it was loaded");
  }

  private static void truncate(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void forgottenSessionIsNotMistakenForANewOne() throws IOException {
    fixture
        .cluster()
        .node(1)
        .next(
            Treatment.refuse(
                Refusal.of(Code.FAILED_PRECONDITION, "SESSION_EXPIRED", "UNKNOWN")
                    .with("current_index", 812)));

    Call call = fixture.call("load", entries(20).toString(), "--client-id", "mine");

    assertThat(call.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(call.err())
        .contains("SESSION_EXPIRED")
        .contains("--session-start 812")
        .doesNotContain("goes on from there");
    assertThat(fixture.cluster().store().applied()).isEmpty();
  }

  @Test
  void anotherFileIsRefusedUnderAnIdThatNamesItsFile() throws IOException {
    Call first = fixture.call("load", entries(3).toString());
    Path other = directory.resolve("other");
    Files.writeString(other, "key1 other\n");

    Call second = fixture.call("load", other.toString(), "--client-id", clientIdIn(first));
    Call third =
        fixture.call(
            "load",
            entries(3).toString(),
            "--client-id",
            clientIdIn(first),
            "--session-start",
            "999");

    assertThat(second.code()).isEqualTo(ExitCode.USAGE);
    assertThat(second.err()).contains("its contents differ");
    assertThat(third.code()).isEqualTo(ExitCode.USAGE);
    assertThat(fixture.cluster().store().applied()).hasSize(3);
  }

  /** As if one had been stored after the other, although many are under way. */
  @Test
  void laterLineOfOneKeyWins() throws IOException {
    Path file = directory.resolve("twice");
    Files.writeString(file, "a 0\nk first\nb 1\nk second\nc 2\n");
    fixture
        .cluster()
        .node(1)
        .next(Treatment.answer(), refusal("OVERLOADED"), refusal("OVERLOADED"));

    Call call = fixture.call("load", file.toString());

    assertThat(call.code()).isZero();
    assertThat(stored("k").getValue()).isEqualTo("second");
    assertThat(stored("k").getVersion()).isEqualTo(2);
  }

  @Test
  void barIsDrawnForPeopleAlone() throws IOException {
    String file = entries(50).toString();

    Call watched = fixture.watched("load", file);
    Call piped = fixture.call("load", file);

    assertThat(watched.err()).contains("[##############################] 100%  50 of 50");
    assertThat(watched.out()).isEqualTo("50 of 50 entries stored\n");
    assertThat(piped.err()).doesNotContain("[#").doesNotContain("\r");
  }

  @Test
  void whatCannotBeDoneIsSaidInOneSentence() throws IOException {
    Path empty = directory.resolve("empty");
    Files.createFile(empty);

    assertThat(fixture.call("load", empty.toString()).out()).isEqualTo("0 of 0 entries stored\n");
    assertThat(fixture.call("load", "no/such/file").code()).isEqualTo(ExitCode.USAGE);
    assertThat(fixture.call("load").code()).isEqualTo(ExitCode.USAGE);
    assertThat(fixture.call("put", "k", "--from-file", "f").code()).isEqualTo(ExitCode.USAGE);
    assertThat(fixture.call("put", "--from-file", "f", "--seq", "1").code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(fixture.call("load", empty.toString(), "--session-start", "3").code())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void nobodyThereIsUnavailable() throws IOException {
    String file = entries(3).toString();
    for (int id = 1; id <= 3; id++) {
      fixture.cluster().node(id).stop();
    }

    Call call = fixture.call("load", file, "--timeout", "500ms");

    assertThat(call.code()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  private static Treatment refusal(String reason) {
    Code code = reason.equals("DISK_FULL") ? Code.RESOURCE_EXHAUSTED : Code.UNAVAILABLE;
    return Treatment.refuse(Refusal.of(code, reason, "NOT_APPLIED"));
  }

  private Path entries(int count) throws IOException {
    return CallFixture.entries(directory, count);
  }

  private List<PutRequest> puts() {
    return fixture.cluster().node(1).received().stream().map(PutRequest.class::cast).toList();
  }

  private Entry stored(String key) {
    return Objects.requireNonNull(fixture.cluster().store().entry(key), key);
  }

  private static String clientIdIn(Call call) {
    Matcher matcher = CLIENT_ID.matcher(call.err());
    assertThat(matcher.find()).as(call.err()).isTrue();
    return matcher.group(1);
  }
}
