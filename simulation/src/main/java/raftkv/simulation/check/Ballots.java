package raftkv.simulation.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import raftkv.raft.Envelope;
import raftkv.raft.HardState;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;
import raftkv.raft.Write;

/**
 * How leaders come about: by the votes of a majority that counts, each cast in that term for a log
 * at least as up to date as the voter's (Raft §5.2, §5.4.1, safety rules 5.2, 5.3).
 */
final class Ballots {
  private static final String CHECKER = "elections";

  private record Candidacy(NodeId candidate, long term) {}

  private final Verdicts verdicts;
  private final Logs logs;

  /** Where the log of each candidate ended. For look-up only, as the rest. */
  private final Map<Candidacy, LogPosition> ends = new HashMap<>();

  /** Whose votes have reached a candidate, if they may count. */
  private final Map<Candidacy, Set<NodeId>> votes = new HashMap<>();

  private final Set<Candidacy> checked = new HashSet<>();

  Ballots(Verdicts verdicts, Logs logs) {
    this.verdicts = verdicts;
    this.logs = logs;
  }

  void sent(Envelope envelope) {
    Candidacy candidacy = new Candidacy(envelope.from(), envelope.term());
    if (envelope.message() instanceof RaftMessage.RequestVote request) {
      ends.put(candidacy, request.last());
    } else if (envelope.message() instanceof RaftMessage.AppendEntries && checked.add(candidacy)) {
      checkElected(candidacy);
    }
  }

  void delivered(Envelope envelope) {
    if (envelope.message() instanceof RaftMessage.RequestVoteReply reply && reply.granted()) {
      Candidacy candidacy = new Candidacy(envelope.to(), envelope.term());
      LogPosition end = ends.get(candidacy);
      boolean forms = end != null && end.isZero();
      if (forms || logs.of(envelope.to()).names.mayCount(envelope.from(), reply.standing())) {
        votes.computeIfAbsent(candidacy, unseen -> new HashSet<>()).add(envelope.from());
      }
    }
  }

  private void checkElected(Candidacy elected) {
    Set<NodeId> others = votes.get(elected);
    int granted = 1 + (others == null ? 0 : others.size());
    LogPosition end = ends.get(elected);
    int needed = end != null && end.isZero() ? logs.nodeCount() : logs.nodeCount() / 2 + 1;
    if (granted < needed) {
      throw verdicts.violated(
          CHECKER,
          "node "
              + elected.candidate
              + " leads term "
              + elected.term
              + " with the votes of "
              + granted
              + ", needed are "
              + needed);
    }
  }

  /** Before the write: a vote that is about to be written is for somebody who deserves it. */
  void appended(NodeId voter, Write write) {
    NodeId candidate = write.hardState().votedFor();
    LogCopy log = logs.of(voter).written;
    boolean isNew =
        write.hardState().term() > log.hardState().term() || log.hardState().votedFor() == null;
    checkOneVote(voter, log.hardState(), write.hardState());
    if (candidate == null || candidate.equals(voter) || !isNew) {
      return;
    }
    @Nullable LogPosition end = ends.get(new Candidacy(candidate, write.hardState().term()));
    if (end == null) {
      throw verdicts.violated(
          CHECKER, "node " + voter + " votes for " + candidate + ", who never asked");
    }
    if (!end.isZero() && write.reset() == null && write.cutAt() == 0 && isBehind(end, log.last())) {
      throw verdicts.violated(
          CHECKER,
          "node " + voter + " has " + log.last() + " and votes for " + candidate + " with " + end);
    }
  }

  private void checkOneVote(NodeId voter, HardState before, HardState after) {
    NodeId first = before.votedFor();
    boolean same =
        before.term() == after.term() && before.incarnation().equals(after.incarnation());
    if (same && first != null && !first.equals(after.votedFor())) {
      throw verdicts.violated(
          CHECKER, "node " + voter + " voted for " + first + ", and now: " + after);
    }
  }

  private static boolean isBehind(LogPosition end, LogPosition other) {
    return end.term() < other.term() || (end.term() == other.term() && end.index() < other.index());
  }
}
