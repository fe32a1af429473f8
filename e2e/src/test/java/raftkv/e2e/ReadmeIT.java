package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import raftkv.e2e.cluster.Cluster;
import raftkv.e2e.cluster.Installation;
import raftkv.e2e.cluster.Program;

/**
 * Runs the commands of the README against a fresh cluster, in their order, and compares what they
 * print with what the README shows: word by word, but for numbers, hashes and spaces.
 *
 * <p>A command is a line of a {@code console} block that begins with {@code $ bin/kv-cli}; the
 * lines behind it, up to the next command, are its output. Calls of grpcurl are tested with the
 * server.
 */
class ReadmeIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int FIRST_DOCUMENTED_PORT = 9001;

  /** A command line as the README shows it, and the output it shows. */
  private record Example(String command, List<String> output) {}

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void commandsDoWhatTheReadmeShows() throws IOException {
    List<Example> examples = examples(Files.readAllLines(Installation.home().resolve("README.md")));

    assertThat(examples).hasSizeGreaterThan(8);
    try (Cluster cluster = Cluster.started(directory, Cluster.PATIENT_ELECTIONS)) {
      cluster.awaitHealthy();
      for (Example example : examples) {
        assertThat(blurred(run(cluster, example.command())))
            .as(example.command())
            .isEqualTo(blurred(example.output()));
      }
    }
  }

  private static List<Example> examples(List<String> readme) {
    List<Example> examples = new ArrayList<>();
    boolean inside = false;
    for (String line : readme) {
      if (line.startsWith("```")) {
        inside = line.equals("```console");
      } else if (inside && line.startsWith("$ ")) {
        examples.add(new Example(line.substring(2), new ArrayList<>()));
      } else if (inside) {
        examples.get(examples.size() - 1).output().add(line);
      }
    }
    examples.removeIf(example -> !example.command().startsWith("bin/kv-cli "));
    return examples;
  }

  private List<String> run(Cluster cluster, String command) {
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(
          words.isEmpty() ? Installation.launcher("kv-cli").toString() : actual(cluster, word));
    }
    Map<String, String> environment = Map.of("KV_ENDPOINTS", String.join(",", cluster.endpoints()));
    Program program = Program.run(directory, environment, LIMIT, words);
    assertThat(program.exitCode()).as(command + ": " + program.err()).isZero();
    return program.out().lines().toList();
  }

  /** The port of the node that the README calls 9001, 9002 or 9003. */
  private static String actual(Cluster cluster, String word) {
    if (!word.matches("900[123]")) {
      return word;
    }
    int id = Integer.parseInt(word) - FIRST_DOCUMENTED_PORT + 1;
    return Integer.toString(cluster.node(id).port());
  }

  private static List<String> blurred(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("[0-9a-f]{32}", "HASH").replaceAll("[0-9]+", "N"))
        .map(line -> line.replaceAll("127.N.N.N|N.N.N.N", "localhost").replaceAll("\\s+", " "))
        .toList();
  }
}
