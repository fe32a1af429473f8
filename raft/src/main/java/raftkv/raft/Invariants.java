package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * What must hold whenever a Ready is taken: of one state, and from one to the next. The expensive
 * half of the checks; the cheap ones stand where the state changes.
 */
final class Invariants {
  private long lastTerm;
  private @Nullable NodeId lastVote;
  private long lastCommit;
  private long lastApplied;

  /**
   * Checks the state, and that nothing that may only rise has fallen since the last call: the
   * applied index, only if a snapshot has taken the state's place.
   */
  void check(RaftNode node, @Nullable SnapshotMeta restored) {
    checkLog(node.log(), node.stable().durableIndex());
    checkRole(node);
    if (restored != null) {
      lastApplied = Math.min(lastApplied, restored.lastIncluded().index());
    }
    checkDelta(node);
  }

  private static void checkLog(RaftLog log, long durableIndex) {
    Check.that(log.base().index() <= log.appliedIndex(), "the snapshot holds applied entries only");
    Check.that(log.base().index() <= log.snapshot().index(), "what is gone is in the snapshot");
    Check.that(log.snapshot().index() <= log.appliedIndex(), "a snapshot is of applied entries");
    Check.that(log.appliedIndex() <= log.commitIndex(), "applied entries are committed");
    Check.that(log.commitIndex() <= log.lastIndex(), "committed entries exist");
    Check.that(durableIndex <= log.lastIndex(), "durable entries exist");
    long term = log.base().term();
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      LogEntry entry = log.entry(index);
      Check.that(entry.index() == index, "entries stand at their index", entry.index(), index);
      Check.that(entry.term() >= term, "terms in the log do not fall", entry.term(), term);
      term = entry.term();
    }
  }

  private static void checkRole(RaftNode node) {
    Check.that(node.log().last().term() <= node.term(), "no entry is of a later term");
    HardState durable = node.stable().durableHardState();
    Check.that(durable.term() <= node.term(), "the durable term is not ahead");
    if (node.role() instanceof Leader leader) {
      Check.that(durable.term() == node.term(), "a leader's term is durable");
      Check.that(
          node.self().equals(node.stable().hardState().votedFor()),
          "a leader has voted for itself");
      for (Progress progress : leader.followers().all()) {
        Check.that(progress.matchIndex() < progress.nextIndex(), "nextIndex is above matchIndex");
        Check.that(
            progress.matchIndex() <= node.log().lastIndex(), "matchIndex is in the leader's log");
      }
    }
  }

  private void checkDelta(RaftNode node) {
    NodeId vote = node.stable().hardState().votedFor();
    Check.that(node.term() >= lastTerm, "the term does not fall", node.term(), lastTerm);
    Check.that(
        node.term() > lastTerm || lastVote == null || lastVote.equals(vote), "one vote a term");
    Check.that(node.log().commitIndex() >= lastCommit, "the commit index does not fall");
    Check.that(node.log().appliedIndex() >= lastApplied, "the applied index does not fall");
    lastTerm = node.term();
    lastVote = vote;
    lastCommit = node.log().commitIndex();
    lastApplied = node.log().appliedIndex();
  }
}
