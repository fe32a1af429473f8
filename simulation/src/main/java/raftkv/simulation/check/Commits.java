package raftkv.simulation.check;

import raftkv.raft.Envelope;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

/**
 * What leaders say is committed: behind what they began with, only what ends with an entry of their
 * own term that a majority which counts has on its disks (Raft §5.4.2, safety rules 2.2, 5.3).
 */
final class Commits {
  private static final String CHECKER = "commit rule";

  private final Verdicts verdicts;
  private final Logs logs;

  /** By node: the term that it leads, and what it said last. */
  private final long[] terms;

  private final long[] said;

  /** The highest index that is known to be committed, by anybody. */
  private long highest;

  Commits(Verdicts verdicts, Logs logs) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.terms = new long[logs.nodeCount() + 1];
    this.said = new long[logs.nodeCount() + 1];
  }

  long highest() {
    return highest;
  }

  void applied(long index) {
    highest = Math.max(highest, index);
  }

  void sent(Envelope envelope) {
    if (!(envelope.message() instanceof RaftMessage.AppendEntries append)) {
      return;
    }
    highest = Math.max(highest, append.leaderCommit());
    int leader = envelope.from().value();
    if (terms[leader] != envelope.term()) {
      terms[leader] = envelope.term();
      said[leader] = append.leaderCommit();
    } else if (append.leaderCommit() > said[leader]) {
      said[leader] = append.leaderCommit();
      check(envelope.from(), envelope.term(), append.leaderCommit());
    }
  }

  private void check(NodeId leader, long term, long index) {
    Logs.NodeLog log = logs.of(leader);
    long found = log.written.termAt(index);
    if (found != LogCopy.NONE && found != term) {
      throw verdicts.violated(
          CHECKER, "leader " + leader + "@" + term + " commits " + index + "@" + found);
    }
    int holders = logs.countingHolders(log.names, index, term);
    if (holders <= logs.nodeCount() / 2) {
      throw verdicts.violated(
          CHECKER,
          "leader "
              + leader
              + "@"
              + term
              + " commits "
              + index
              + ", of those that count "
              + holders
              + " have it on disk");
    }
  }
}
