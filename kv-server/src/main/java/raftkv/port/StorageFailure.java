package raftkv.port;

/**
 * Storage cannot be used: in one sentence that names file, offset and cause, with the exit code of
 * the process that it ends.
 */
public final class StorageFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** With the sentence for the operator. */
  public StorageFailure(ExitCode exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  /** With the sentence for the operator and what caused it. */
  public StorageFailure(ExitCode exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** What the process exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
