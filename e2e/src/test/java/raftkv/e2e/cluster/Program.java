package raftkv.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran to its end.
 *
 * @param exitCode what it said
 * @param out standard output
 * @param err standard error
 * @param elapsedMillis from start to end
 */
public record Program(int exitCode, String out, String err, long elapsedMillis) {
  /** Runs a command in a directory and waits for its end; past the limit it is killed. */
  public static Program run(
      Path directory, Map<String, String> environment, Duration limit, List<String> command) {
    try {
      Path out = Files.createTempFile("kv-e2e", ".out");
      Path err = Files.createTempFile("kv-e2e", ".err");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        int code = waitFor(process, limit, command);
        long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new Program(code, read(out), read(err), elapsed);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line of standard error, where a program says in one line why it ended. */
  public String lastErrorLine() {
    List<String> lines = err.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private static int waitFor(Process process, Duration limit, List<String> command) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new AssertionError("still running after " + limit + ": " + String.join(" ", command));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
