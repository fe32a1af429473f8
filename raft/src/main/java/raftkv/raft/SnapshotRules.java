package raftkv.raft;

/**
 * What a snapshot does to log and state machine (Raft §7, safety rules 1.3, 6.6 and 7.1): one of
 * this node's own, one that a leader sent, and one that heals a state machine that is not trusted.
 */
final class SnapshotRules {
  private final RaftNode node;
  private final Agenda agenda;

  SnapshotRules(RaftNode node, Agenda agenda) {
    this.node = node;
    this.agenda = agenda;
  }

  /** One of this node's own is durable. One of a state that was replaced since proves nothing. */
  void saved(SnapshotMeta meta, long droppedIndex) {
    if (meta.lastIncluded().index() <= node.log().appliedIndex()) {
      long retained = node.config().retainedLogBytes();
      node.stable().compactTo(meta.lastIncluded(), retained, droppedIndex);
    }
  }

  /** One that is not ahead of what is committed here is as good as delivered. */
  void arrived(NodeId from, long term, SnapshotMeta meta) {
    node.adoptIfHigher(from, term);
    if (meta.lastIncluded().index() > node.commitIndex()) {
      install(meta);
    } else if (node.role() instanceof Follower follower) {
      follower.oweReply();
    }
  }

  /**
   * Replaces the state machine alone if the snapshot is not ahead of what is committed: log, commit
   * index and hard state were right all the time. Behind the log's base nothing could be applied.
   */
  boolean arrivedFenced(NodeId from, long term, SnapshotMeta meta) {
    node.adoptIfHigher(from, term);
    LogPosition lastIncluded = meta.lastIncluded();
    if (lastIncluded.index() < node.log().base().index()) {
      return false;
    }
    if (lastIncluded.index() > node.commitIndex()) {
      install(meta);
      return true;
    }
    node.log().replayFrom(lastIncluded);
    agenda.restore(meta);
    if (node.role() instanceof Follower follower) {
      follower.onStateReplaced();
    } else if (node.role() instanceof Leader leader) {
      leader.onStateReplaced();
    }
    return true;
  }

  /** Takes one that is ahead of what is committed here. */
  private void install(SnapshotMeta meta) {
    if (node.role() instanceof Candidate) {
      // What it claims in its requests is perhaps gone.
      node.becomeFollower(null);
    }
    agenda.restore(meta);
    boolean replaced = node.stable().install(meta);
    Check.that(!replaced || !node.isLeader(), "a leader's log has all that is committed");
    if (node.role() instanceof Follower follower) {
      follower.onSnapshotInstalled(meta.lastIncluded().index());
    }
  }
}
