package raftkv.raft;

import java.util.List;

/**
 * A look at a node's log for peers that have lost some of theirs (safety rule 6.2). Used between
 * the inputs of the node that it belongs to.
 */
public final class LogReader {
  private final RaftLog log;

  private LogReader(RaftLog log) {
    this.log = log;
  }

  /** The log of that node, as it is at each call. */
  public static LogReader of(RaftNode node) {
    return new LogReader(node.log());
  }

  /** The position in front of the first entry that is still there. */
  public LogPosition base() {
    return log.base();
  }

  /** Whether the log holds an entry of that term at that index, which is above the base. */
  public boolean holds(LogPosition position) {
    return position.index() > log.base().index() && log.contains(position);
  }

  /**
   * Entries from that index, which is above the base, through the second one: as many as fit, but
   * one at least if there is one.
   */
  public List<LogEntry> entries(long fromIndex, long throughIndex, long maxBytes) {
    List<LogEntry> batch = log.batchFrom(fromIndex, maxBytes);
    long wanted = throughIndex - fromIndex + 1;
    return wanted < batch.size() ? batch.subList(0, (int) wanted) : batch;
  }
}
