package raftkv.node;

import java.util.List;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.raft.LogEntry;
import raftkv.raft.LogPosition;
import raftkv.raft.LogReader;

/**
 * What a node that runs tells a peer that has lost some of its log. No leader is needed: by Log
 * Matching, a log that holds the peer's anchor holds its lost text (safety rule 6.2).
 */
final class LogAnswers {
  /** A page holds one entry at least, whatever its size. */
  static final int PAGE_BYTES = 256 << 10;

  private LogAnswers() {}

  static LogPage answer(LogReader log, LogQuestion question) {
    LogPosition anchor = question.anchor();
    LogPosition base = log.base();
    if (anchor.index() < base.index() || anchor.equals(base)) {
      return new LogPage.Compacted();
    }
    if (!log.holds(anchor)) {
      return new LogPage.NoAnchor();
    }
    if (question.fromIndex() <= base.index()) {
      return new LogPage.Compacted();
    }
    List<LogEntry> page = log.entries(question.fromIndex(), anchor.index(), PAGE_BYTES);
    return new LogPage.Text(page, question.fromIndex() + page.size());
  }
}
