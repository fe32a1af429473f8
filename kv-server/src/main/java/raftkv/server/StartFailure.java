package raftkv.server;

import raftkv.port.ExitCode;

/** The server cannot start: one sentence for the operator, and the exit code. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  StartFailure(ExitCode exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
