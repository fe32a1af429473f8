package raftkv.simulation.check;

import raftkv.raft.Envelope;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;
import raftkv.raft.Write;

/**
 * Election Safety: one leader a term. Leader Append-Only: a leader cuts nothing off its log. Leader
 * Completeness: whoever leads holds all that was committed.
 */
final class Elections {
  private static final String CHECKER = "elections";

  private final Verdicts verdicts;
  private final Logs logs;
  private final Committed committed;

  /** By term: the leader's number, 0 if none is known. */
  private final LongList leaders = new LongList();

  private long lastLeader;
  private long leaderChanges;

  Elections(Verdicts verdicts, Logs logs, Committed committed) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.committed = committed;
  }

  /** How often another node began to lead than before. */
  long leaderChanges() {
    return leaderChanges;
  }

  /** Number of the node that began to lead last, 0 if none has yet. */
  int lastLeader() {
    return (int) lastLeader;
  }

  void sent(Envelope envelope) {
    if (envelope.message() instanceof RaftMessage.AppendEntries) {
      leads(envelope.from(), envelope.term());
    }
  }

  private void leads(NodeId node, long term) {
    while (leaders.size() <= term) {
      leaders.add(0);
    }
    long before = leaders.at((int) term);
    if (before == 0) {
      leaders.set((int) term, node.value());
      leaderChanges += lastLeader != node.value() ? 1 : 0;
      lastLeader = node.value();
      committed.checkHeldBy(node, logs.of(node).written, term);
    } else if (before != node.value()) {
      throw verdicts.violated(CHECKER, "nodes " + before + " and " + node + " lead term " + term);
    }
  }

  void appended(NodeId node, Write write) {
    long term = write.hardState().term();
    boolean leads = term < leaders.size() && leaders.at((int) term) == node.value();
    if (leads && (write.cutAt() > 0 || write.reset() != null)) {
      throw verdicts.violated(
          CHECKER, "node " + node + " leads term " + term + " and cuts its log: " + write);
    }
  }
}
