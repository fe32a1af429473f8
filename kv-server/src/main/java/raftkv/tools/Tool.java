package raftkv.tools;

import java.io.IOException;
import raftkv.port.ExitCode;

/** One of the tools. Reads only. */
interface Tool {
  /**
   * Looks and prints.
   *
   * @return what the process ends with; {@link ExitCode#CLEAN} if nothing was wrong
   * @throws IOException if what was named cannot be read at all
   * @throws NotOurs if what was named is none of ours
   */
  ExitCode run(Printer printer) throws IOException, NotOurs;

  /** What was named is not what this tool looks at. */
  final class NotOurs extends Exception {
    private static final long serialVersionUID = 1L;

    NotOurs(String sentence) {
      super(sentence);
    }
  }
}
