package raftkv.port;

import java.util.List;
import raftkv.raft.LogEntry;

/** The answer to a {@link LogQuestion}. */
public sealed interface LogPage {
  /**
   * The log contains the anchor; this is what it has of what was asked for.
   *
   * @param entries ascending, with gaps where the node that answers is damaged itself
   * @param nextIndex where the next page begins; behind the anchor if this is the last
   */
  record Text(List<LogEntry> entries, long nextIndex) implements LogPage {}

  /** The log does not contain the anchor. */
  record NoAnchor() implements LogPage {}

  /** A snapshot covers the anchor, so that nobody can say from the log alone. */
  record Compacted() implements LogPage {}

  /** No answer, or none that can be used; asked again later. */
  record Unanswered(String reason) implements LogPage {}
}
