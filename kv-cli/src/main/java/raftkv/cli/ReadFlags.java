package raftkv.cli;

import picocli.CommandLine.Option;
import raftkv.client.ReadMode;

/** The options of everything that reads. */
final class ReadFlags {
  @Option(
      names = "--consistency",
      paramLabel = "MODE",
      description = "linearizable (default), or stale: the node's own state, at once.")
  private ReadMode.Consistency consistency = ReadMode.Consistency.LINEARIZABLE;

  @Option(
      names = "--min-index",
      paramLabel = "INDEX",
      description = "Stale reads: wait until the node has applied this.")
  private long minIndex;

  ReadMode mode() {
    return new ReadMode(consistency, minIndex, 0);
  }
}
