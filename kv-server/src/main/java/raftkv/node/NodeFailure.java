package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;

/**
 * Why a node cannot go on. Whoever is told ends the process: a half-dead node that keeps its
 * leadership is worse than none (hazard 105).
 *
 * @param exitCode of the process
 * @param sentence for the operator
 * @param cause what was thrown, or null
 */
public record NodeFailure(ExitCode exitCode, String sentence, @Nullable Throwable cause) {
  /** What an exception at the top of the loop means. */
  static NodeFailure of(Throwable thrown) {
    String sentence = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    if (thrown instanceof StorageFailure storage) {
      return new NodeFailure(storage.exitCode(), sentence, thrown);
    }
    ExitCode code = thrown instanceof OutOfMemoryError ? ExitCode.MEMORY : ExitCode.INVARIANT;
    return new NodeFailure(code, sentence, thrown);
  }
}
