package raftkv.raft;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A leader's side of admission (safety rule 5.4): a peer whose data is new follows like any other,
 * and once it has caught up the leader proposes to name its incarnation.
 *
 * <p>Caught up, as thesis §4.2.1 has it: it reached, within an election timeout, what had been
 * committed when that lap began. Under steady load it never has all, but laps get short.
 */
final class Admissions {
  private record Lap(Incarnation incarnation, long targetIndex, long sinceNanos) {}

  private final RaftNode node;
  private final SortedMap<NodeId, Lap> laps = new TreeMap<>();

  Admissions(RaftNode node) {
    this.node = node;
  }

  /** The peer has answered; it is named if it is time for that. */
  void onReply(Progress progress, long firstIndexOfTerm) {
    Standing standing = progress.standing();
    if (standing == null || !needsName(progress.peer, standing)) {
      laps.remove(progress.peer);
      return;
    }
    if (hasCaughtUp(progress, standing.incarnation()) && mayName(firstIndexOfTerm)) {
      laps.remove(progress.peer);
      Admission admission = new Admission(progress.peer, standing.incarnation());
      node.appendOwn(EntryKind.ADMIT, admission.encode());
      node.notice(new Notice.Admitting(admission.node(), admission.incarnation()));
    }
  }

  /**
   * Whether the log names another incarnation. One that says it is admitted once was named itself:
   * it is of an older volume, does not know so yet, and would count before its ADMIT is committed.
   * It is going to draw a new incarnation (rule 5.1).
   */
  private boolean needsName(NodeId peer, Standing standing) {
    Roster roster = node.stable().electorate().roster();
    Roster.Named named = roster == null ? null : roster.named(peer);
    return named != null
        && !named.incarnation().equals(standing.incarnation())
        && !standing.admitted();
  }

  private boolean hasCaughtUp(Progress progress, Incarnation incarnation) {
    if (progress.state() != Progress.State.REPLICATE) {
      return false;
    }
    Lap lap = laps.get(progress.peer);
    if (lap == null || !lap.incarnation().equals(incarnation)) {
      lap = begin(progress.peer, incarnation);
    }
    if (progress.matchIndex() < lap.targetIndex()) {
      return false;
    }
    boolean wasQuick =
        node.now() - lap.sinceNanos() <= node.config().elections().timeoutMinNanos()
            || progress.matchIndex() >= node.commitIndex();
    if (!wasQuick) {
      begin(progress.peer, incarnation);
    }
    return wasQuick;
  }

  private Lap begin(NodeId peer, Incarnation incarnation) {
    Lap lap = new Lap(incarnation, node.commitIndex(), node.now());
    laps.put(peer, lap);
    return lap;
  }

  /**
   * Names change one at a time, and only once the term's first entry is committed: so all earlier
   * ones are committed as well, and two changes never overlap.
   */
  private boolean mayName(long firstIndexOfTerm) {
    long commit = node.commitIndex();
    return commit >= firstIndexOfTerm
        && !node.stable().electorate().changesBetween(commit, node.log().lastIndex());
  }
}
