package raftkv.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose writer was cut off. */
class JsonLinesTest {
  @TempDir private Path directory;

  private final List<String> told = new ArrayList<>();

  private static JsonLine line(int number) {
    return new JsonLine().with("name", "né").with("number", number);
  }

  private List<String> read(Path file) throws IOException {
    return JsonLines.read(file, told::add).stream().map(JsonLine::toString).toList();
  }

  // Goal: wherever the cut is, also within a character, half a line is told and never counted, and
  // the next line is not lost with it.
  @Test
  void halfALineIsToldAndTheNextOneIsWhole() throws IOException {
    byte[] last = line(2).toString().getBytes(StandardCharsets.UTF_8);
    for (int cut = 1; cut < last.length; cut++) {
      Path file = directory.resolve(cut + ".jsonl");
      JsonLines.append(file, line(1));
      byte[] whole = Files.readAllBytes(file);
      byte[] torn = Arrays.copyOf(whole, whole.length + cut);
      System.arraycopy(last, 0, torn, whole.length, cut);
      Files.write(file, torn);
      told.clear();

      assertThat(read(file)).containsExactly(line(1).toString());
      JsonLines.append(file, line(3));
      assertThat(read(file)).containsExactly(line(1).toString(), line(3).toString());
      String sentence = file + ": line 2 is not whole and is left out; a run was cut off there";
      assertThat(told).containsExactly(sentence, sentence);
    }
  }

  @Test
  void aWholeLineWithoutItsEndCounts() throws IOException {
    Path file = directory.resolve("levels.jsonl");
    Files.writeString(file, line(1).toString());

    JsonLines.append(file, line(2));

    assertThat(read(file)).containsExactly(line(1).toString(), line(2).toString());
    assertThat(told).isEmpty();
  }

  @Test
  void theReportTellsWhatItLeavesOut() throws IOException {
    Files.writeString(
        directory.resolve("soak.jsonl"), "{\"part\":\"soak\",\"name\":\"a\"}\n{\"part\":\"so");
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    PrintStream err = System.err;
    PrintStream out = System.out;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    System.setOut(new PrintStream(tables, true, StandardCharsets.UTF_8));

    try {
      Summary.main(new String[] {directory.toString()});
    } finally {
      System.setErr(err);
      System.setOut(out);
    }

    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("report: " + directory.resolve("soak.jsonl") + ": line 2 is not whole")
        .hasLineCount(1);
    assertThat(tables.toString(StandardCharsets.UTF_8)).contains("### Long runs");
  }
}
