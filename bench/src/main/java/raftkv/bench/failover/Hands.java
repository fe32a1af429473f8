package raftkv.bench.failover;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/**
 * A shell that waits for commands: starting a process for each signal would take longer than some
 * of the gaps that are measured.
 */
final class Hands implements AutoCloseable {
  private final Process shell;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  Hands() throws IOException {
    shell = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    commands =
        new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Runs a command and returns when it has ended. */
  void perform(String command) throws IOException {
    commands.write(command + "; echo $?\n");
    commands.flush();
    String code = answers.readLine();
    if (!"0".equals(code)) {
      throw new IOException("'" + command + "' ended with " + code);
    }
  }

  @Override
  public void close() throws IOException {
    commands.close();
    shell.destroy();
  }
}
