package raftkv.raft;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions that do not depend on the role: at most one of each kind per peer, computed
 * from the state when it may be sent. A repeated question costs nothing, and nothing is promised
 * before it is durable.
 */
final class OwedReplies {
  private static final class Owed {
    RaftMessage.@Nullable PreVoteReply preVote;
    boolean vote;
    boolean mayGrant;
    boolean append;
    long refusedQuestion;

    boolean isNothing() {
      return preVote == null && !vote && !append && refusedQuestion == 0;
    }
  }

  private final SortedMap<NodeId, Owed> owed = new TreeMap<>();

  /** The answer to a pre-vote, which promises nothing. */
  void preVote(NodeId to, RaftMessage.PreVoteReply reply) {
    of(to).preVote = reply;
  }

  /** A vote was asked for: granted if it is in the hard state by the time of the answer. */
  void vote(NodeId to) {
    of(to).vote = true;
    of(to).mayGrant = true;
  }

  /**
   * A vote was asked for that this request does not deserve, whatever the hard state says: whoever
   * got the term's vote may have lost its data since, and ask again with an empty log.
   */
  void refuseVote(NodeId to) {
    of(to).vote = true;
    of(to).mayGrant = false;
  }

  /** Somebody leads with an older term: it has to see this node's (safety rule 1.1). */
  void staleAppend(NodeId to) {
    of(to).append = true;
  }

  /** That question and all before it get no read index from this node. */
  void refuseQuestion(NodeId to, long question) {
    of(to).refusedQuestion = question;
  }

  /**
   * Emits what may be said now, given that the current term is durable.
   *
   * @param hardState the newest hard state, with the vote to be answered
   * @param voteDurable whether it is on disk
   */
  void emit(
      Outbox out,
      HardState hardState,
      boolean voteDurable,
      Standing standing,
      Abilities abilities) {
    NodeId votedFor = hardState.votedFor();
    for (Map.Entry<NodeId, Owed> entry : owed.entrySet()) {
      boolean granted = entry.getValue().mayGrant && entry.getKey().equals(votedFor);
      emit(out, entry.getKey(), entry.getValue(), granted, voteDurable || !granted, standing);
      if (entry.getValue().append) {
        entry.getValue().append = false;
        out.add(
            entry.getKey(), new RaftMessage.AppendEntriesReply(0, 0, null, standing, abilities));
      }
    }
    owed.values().removeIf(Owed::isNothing);
  }

  private static void emit(
      Outbox out, NodeId to, Owed o, boolean granted, boolean voteMaySpeak, Standing standing) {
    RaftMessage.PreVoteReply preVote = o.preVote;
    if (preVote != null) {
      out.add(to, preVote.as(standing));
      o.preVote = null;
    }
    if (o.vote && voteMaySpeak) {
      o.vote = false;
      out.add(to, new RaftMessage.RequestVoteReply(granted, standing));
    }
    if (o.refusedQuestion > 0) {
      out.add(to, new RaftMessage.ReadIndexReply(o.refusedQuestion, 0));
      o.refusedQuestion = 0;
    }
  }

  private Owed of(NodeId peer) {
    return owed.computeIfAbsent(peer, p -> new Owed());
  }
}
