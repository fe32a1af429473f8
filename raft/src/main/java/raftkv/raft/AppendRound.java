package raftkv.raft;

import java.util.List;

/**
 * One sending of a leader to its followers (Raft §5.3): what is new for each, built from its {@link
 * Progress}. All appends of it carry one number, which an answer echoes (safety rule 2.1).
 */
final class AppendRound {
  private final RaftNode node;
  private final Outbox out;
  private final long number;
  private final long quorumContactAgeNanos;
  private final boolean answerWanted;
  private boolean sent;

  /**
   * Begins the round of that number.
   *
   * @param answerWanted by a heartbeat or by reads: every follower gets an append, and answers it
   *     at once; if not, the answer may wait for the follower's disk
   */
  AppendRound(
      RaftNode node, Outbox out, long number, long quorumContactAgeNanos, boolean answerWanted) {
    this.node = node;
    this.out = out;
    this.number = number;
    this.quorumContactAgeNanos = quorumContactAgeNanos;
    this.answerWanted = answerWanted;
  }

  /** Whether anything was sent to anybody. */
  boolean isSent() {
    return sent;
  }

  /** One append for what is new, several if the backlog is long; an empty one to ask. */
  void sendTo(Progress progress) {
    RaftLog log = node.log();
    boolean toThisOne = false;
    while (progress.mayReplicate(node.config()) && progress.nextIndex() <= log.lastIndex()) {
      send(progress, log.batchFrom(progress.nextIndex(), node.config().flow().maxAppendBytes()));
      toThisOne = true;
    }
    if (!toThisOne && (answerWanted || progress.hasNoProbe())) {
      send(progress, List.of());
    }
  }

  private void send(Progress progress, List<LogEntry> entries) {
    RaftLog log = node.log();
    boolean inLog = progress.state() != Progress.State.SNAPSHOT;
    long prevIndex = inLog ? progress.nextIndex() - 1 : 0;
    LogPosition prev = inLog ? new LogPosition(prevIndex, log.termAt(prevIndex)) : LogPosition.ZERO;
    boolean answerMayWait = !answerWanted && !entries.isEmpty();
    out.add(
        progress.peer,
        new RaftMessage.AppendEntries(
            prev, entries, log.commitIndex(), number, quorumContactAgeNanos, answerMayWait));
    int bytes = 0;
    for (LogEntry entry : entries) {
      bytes += entry.sizeBytes();
    }
    progress.sent(number, entries.size(), bytes);
    sent = true;
  }
}
