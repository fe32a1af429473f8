package raftkv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the grpcurl calls of the README, in their order, by a client that knows only reflection.
 */
@Timeout(120)
class ReadmeCallsTest {
  private static final Pattern CALL =
      Pattern.compile("\\$ grpcurl -plaintext (?:-d '(.*)' )?localhost:900([123]) (\\S+)");

  private record Call(String json, int node, String method) {}

  @TempDir Path directory;

  @Test
  void callsOfTheReadmeAreAnswered() throws Exception {
    List<Call> calls = calls();
    List<String> answers = new ArrayList<>();

    try (LocalCluster cluster = new LocalCluster(directory, 3).start()) {
      for (Call call : calls) {
        answers.add(cluster.client(call.node()).call(call.method(), call.json()));
      }
    }

    assertThat(answers).hasSizeGreaterThan(10);
    assertThat(answers.get(1)).contains("\"found\":true", "\"value\":\"value1\"");
    assertThat(answers.get(3)).contains("\"succeeded\":true");
    assertThat(answers.get(5)).contains("\"count\":\"1\"");
    assertThat(answers.get(7)).contains("REQUEST_OUTCOME_APPLIED");
    assertThat(answers.get(8)).contains("\"found\":true");
    assertThat(answers.get(pipelined(calls)))
        .contains("\"id\":\"1\"", "\"id\":\"2\"", "\"count\":");
    assertThat(answers.get(answers.size() - 1)).contains("SERVING");
  }

  private static int pipelined(List<Call> calls) {
    return calls.stream().map(Call::method).toList().indexOf("kv.v1.KvService/Pipeline");
  }

  private static List<Call> calls() throws IOException {
    List<Call> calls = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("..", "README.md"))) {
      Matcher matcher = CALL.matcher(line);
      if (matcher.matches()) {
        String json = matcher.group(1) == null ? "{}" : matcher.group(1);
        calls.add(new Call(json, Integer.parseInt(matcher.group(2)), matcher.group(3)));
      } else {
        assertThat(line).as("a call that this test understands").doesNotStartWith("$ grpcurl");
      }
    }
    return calls;
  }
}
