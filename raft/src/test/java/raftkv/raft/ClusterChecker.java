package raftkv.raft;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold across all nodes whenever one of them hands over a Ready: the properties of the
 * paper's Figure 3, the rules for what may leave a node (safety §1), and reads that are not stale
 * (safety §2). It looks at the disks, not at what the cores believe of them.
 */
final class ClusterChecker {
  /** An entry, the term in front of it, and on whose disks it was put. */
  private record Written(LogEntry entry, long prevTerm, Set<Incarnation> on) {}

  private record Vote(Incarnation incarnation, long term) {}

  private record Spoken(Incarnation incarnation, long term) {}

  private final SortedMap<NodeId, TestNode> nodes;
  private final Map<Long, NodeId> leaders = new HashMap<>();
  private final Map<LogPosition, Written> written = new HashMap<>();
  private final Map<NodeId, Spoken> spoken = new HashMap<>();
  private final Map<Vote, NodeId> votes = new HashMap<>();
  private final Map<NodeId, Long> commits = new HashMap<>();
  private final TreeMap<Long, LogEntry> committed = new TreeMap<>();

  /** The term of the leader that committed an entry: later leaders have it. */
  private final Map<Long, Long> committedIn = new HashMap<>();

  private final Map<Long, Long> committedWhenRead = new HashMap<>();

  private boolean disksAreTrusted;

  ClusterChecker(SortedMap<NodeId, TestNode> nodes) {
    this.nodes = nodes;
  }

  /** From now on nobody looks whether a majority holds what is committed. */
  void trustDisks() {
    disksAreTrusted = true;
  }

  /** A new run: the commit index may begin lower again. */
  void started(TestNode node) {
    commits.remove(node.id);
  }

  /** All that is committed now has to be seen by that read. */
  void readBegins(long readId) {
    committedWhenRead.put(readId, committed.isEmpty() ? 0L : committed.lastKey());
  }

  /** What must never be taken back, for telling states apart. */
  List<Object> promises() {
    return List.of(leaders, committed, committedIn, votes, committedWhenRead);
  }

  /** Called before anything of the Ready is performed. */
  void check(TestNode node, Ready ready) {
    Write write = ready.write();
    if (write != null) {
      checkLogMatching(node, write);
    }
    checkElectionSafety(node);
    checkCommit(node);
    ready.notices().forEach(notice -> checkGivenUp(node, notice));
    ready.committed().forEach(entry -> checkCommitted(entry));
    ready.messages().forEach(envelope -> new WireCheck(node, envelope).check());
    ready.messages().forEach(envelope -> checkWireTerm(node, envelope));
    ready.messages().forEach(this::checkVote);
    ready.reads().forEach(this::checkRead);
    ready.messages().forEach(this::checkMatched);
  }

  /** Figure 3, Log Matching: one index and term, one text, and one term in front of it. */
  private void checkLogMatching(TestNode node, Write write) {
    RaftLog log = node.core().log();
    for (LogEntry entry : write.entries()) {
      if (entry.index() <= log.base().index()) {
        continue;
      }
      long prevTerm = log.termAt(entry.index() - 1);
      Set<Incarnation> on = new HashSet<>(Set.of(write.hardState().incarnation()));
      Written before = written.get(entry.position());
      if (before != null) {
        Check.that(before.entry().body().equals(entry.body()), "log matching at " + entry);
        Check.that(before.prevTerm() == prevTerm, "log matching in front of " + entry);
        on.addAll(before.on());
      }
      written.put(entry.position(), new Written(entry, prevTerm, on));
    }
  }

  /** A disk is gone, and with it what was nowhere else. */
  void wiped(TestNode node) {
    Incarnation lost = node.disk().hardState().incarnation();
    for (Map.Entry<LogPosition, Written> item : written.entrySet()) {
      Written was = item.getValue();
      Set<Incarnation> left = new HashSet<>(was.on());
      left.remove(lost);
      item.setValue(new Written(was.entry(), was.prevTerm(), left));
    }
    written.values().removeIf(was -> was.on().isEmpty());
  }

  /** Figure 3, Election Safety; and Leader Completeness for whoever has just been elected. */
  private void checkElectionSafety(TestNode node) {
    if (!node.core().isLeader()) {
      return;
    }
    NodeId before = leaders.putIfAbsent(node.core().term(), node.id);
    Check.that(
        before == null || before.equals(node.id), "one leader in term " + node.core().term());
    if (before == null) {
      checkCompleteness(node.core().log(), node);
    }
  }

  private void checkCompleteness(RaftLog log, TestNode node) {
    for (LogEntry entry : committed.values()) {
      boolean before = committedIn.getOrDefault(entry.index(), 0L) < node.core().term();
      Check.that(
          !before || log.contains(entry.position()),
          "leader " + node.id + " has committed entry " + entry);
    }
  }

  /** Commit never falls in a run, and what is committed first is on a majority of disks. */
  private void checkCommit(TestNode node) {
    RaftLog log = node.core().log();
    long before = commits.getOrDefault(node.id, 0L);
    Check.that(log.commitIndex() >= before, "commit never falls in a run");
    for (long index = Math.max(before, log.base().index()) + 1;
        index <= log.commitIndex();
        index++) {
      if (!disksAreTrusted && !committed.containsKey(index)) {
        checkOnMajority(node, log.entry(index));
      }
      checkCommitted(log.entry(index));
      committedIn.putIfAbsent(index, node.core().term());
    }
    commits.put(node.id, log.commitIndex());
  }

  private void checkOnMajority(TestNode node, LogEntry entry) {
    Roster roster = node.core().stable().electorate().roster();
    int holding = 0;
    for (TestNode other : nodes.values()) {
      holding += roster != null && other.hasHeld(entry.position(), roster) ? 1 : 0;
    }
    Check.that(holding >= Quorum.majorityOf(nodes.size()), "a majority holds committed " + entry);
  }

  /** What the committed text names, or null before there is any. */
  @Nullable Roster committedRoster() {
    Roster roster = null;
    for (LogEntry entry : committed.values()) {
      if (entry.kind() == EntryKind.SETTINGS) {
        roster = Roster.of(Settings.decode(entry.body()));
      } else if (entry.kind() == EntryKind.ADMIT && roster != null) {
        roster = roster.with(Admission.decode(entry.body()));
      }
    }
    return roster;
  }

  /** Figure 3, State Machine Safety: committed text never differs. */
  private void checkCommitted(LogEntry entry) {
    LogEntry before = committed.putIfAbsent(entry.index(), entry);
    if (before != null) {
      Check.that(before.term() == entry.term(), "committed " + before + " is not " + entry);
      Check.that(before.body().equals(entry.body()), "committed text at " + entry);
    }
  }

  /** One vote a term, whatever happens to its giver, as long as its data does not change. */
  private void checkVote(Envelope envelope) {
    if (envelope.message() instanceof RaftMessage.RequestVoteReply reply && reply.granted()) {
      Vote vote = new Vote(reply.standing().incarnation(), envelope.term());
      NodeId before = votes.putIfAbsent(vote, envelope.to());
      Check.that(before == null || before.equals(envelope.to()), "no vote is forgotten");
    }
  }

  /** Safety rule 1.2. */
  private void checkWireTerm(TestNode node, Envelope envelope) {
    Spoken now =
        new Spoken(node.core().stable().hardState().standing().incarnation(), envelope.term());
    Spoken before = spoken.put(node.id, now);
    Check.that(
        before == null
            || !before.incarnation().equals(now.incarnation())
            || before.term() <= now.term(),
        "terms on the wire never fall");
  }

  /** Safety rule 5.1: an incarnation is given up only if committed text names another. */
  private void checkGivenUp(TestNode node, Notice notice) {
    if (notice instanceof Notice.Superseded superseded) {
      Roster roster = node.core().stable().electorate().rosterAt(node.core().commitIndex());
      Roster.Named named = roster == null ? null : roster.named(node.id);
      Check.that(
          named != null && !named.incarnation().equals(superseded.old()),
          "what is given up is not named any more");
    }
  }

  /** Safety rule 2.1: what was committed when the read began is seen by it. */
  private void checkRead(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Confirmed confirmed) {
      long needed = committedWhenRead.getOrDefault(confirmed.readId(), 0L);
      Check.that(
          confirmed.readIndex() >= needed,
          "read " + confirmed.readId() + " is not stale",
          confirmed.readIndex(),
          needed);
    }
  }

  /** Safety rule 1.3: what is acknowledged equals the log of that term's leader. */
  private void checkMatched(Envelope envelope) {
    if (!(envelope.message() instanceof RaftMessage.AppendEntriesReply reply)) {
      return;
    }
    TestNode leader = nodeOf(envelope.to());
    TestNode follower = nodeOf(envelope.from());
    if (leader == null || follower == null || !leader.isUp()) {
      return;
    }
    if (reply.matchIndex() <= follower.disk().snapshotIndex()) {
      return;
    }
    LogEntry acknowledged = follower.disk().entryAt(reply.matchIndex());
    boolean leads = leader.core().isLeader() && leader.core().term() == envelope.term();
    if (leads && acknowledged != null) {
      Check.that(
          leader.core().log().contains(acknowledged.position()),
          "acknowledged " + acknowledged + " equals the leader's");
    }
  }

  private @Nullable TestNode nodeOf(NodeId id) {
    return nodes.get(id);
  }
}
