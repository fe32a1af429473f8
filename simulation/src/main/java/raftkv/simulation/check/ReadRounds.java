package raftkv.simulation.check;

import java.util.HashMap;
import java.util.Map;
import raftkv.raft.Envelope;
import raftkv.raft.NodeId;
import raftkv.raft.RaftMessage;

/**
 * A leader answers a follower's question for a read index when a majority that counts has echoed a
 * round that was sent behind the question, in this term (safety rule 2.1), and with an index that
 * is not behind what anybody had applied by then.
 */
final class ReadRounds {
  private static final String CHECKER = "read rounds";

  private record Question(NodeId asker, NodeId leader, long number) {}

  /** What was known when the question came. */
  private record Moment(long term, long round, long committed) {}

  private final Verdicts verdicts;
  private final Logs logs;
  private final Committed committed;

  /** By node: the term in which it leads, its newest round, and what each peer has echoed. */
  private final long[] terms;

  private final long[] rounds;
  private final long[][] echoes;

  /** For look-up only. */
  private final Map<Question, Moment> asked = new HashMap<>();

  ReadRounds(Verdicts verdicts, Logs logs, Committed committed) {
    this.verdicts = verdicts;
    this.logs = logs;
    this.committed = committed;
    int nodes = logs.nodeCount() + 1;
    this.terms = new long[nodes];
    this.rounds = new long[nodes];
    this.echoes = new long[nodes][nodes];
  }

  void sent(Envelope envelope) {
    int from = envelope.from().value();
    if (envelope.message() instanceof RaftMessage.AppendEntries append) {
      if (terms[from] != envelope.term()) {
        terms[from] = envelope.term();
        rounds[from] = 0;
        echoes[from] = new long[echoes.length];
      }
      rounds[from] = Math.max(rounds[from], append.round());
    } else if (envelope.message() instanceof RaftMessage.ReadIndexReply reply) {
      checkAnswer(envelope, reply);
    }
  }

  void delivered(Envelope envelope) {
    int to = envelope.to().value();
    if (envelope.message() instanceof RaftMessage.ReadIndex message) {
      asked.putIfAbsent(
          new Question(envelope.from(), envelope.to(), message.question()),
          new Moment(terms[to], rounds[to], committed.lastIndex()));
    } else if (envelope.message() instanceof RaftMessage.AppendEntriesReply reply
        && terms[to] == envelope.term()
        && logs.of(envelope.to()).names.mayCount(envelope.from(), reply.standing())) {
      long[] heard = echoes[to];
      heard[envelope.from().value()] = Math.max(heard[envelope.from().value()], reply.round());
    }
  }

  private void checkAnswer(Envelope envelope, RaftMessage.ReadIndexReply reply) {
    Moment moment = asked.remove(new Question(envelope.to(), envelope.from(), reply.question()));
    if (moment == null || reply.readIndex() == 0) {
      return;
    }
    int leader = envelope.from().value();
    long before = moment.term == terms[leader] ? moment.round : 0;
    int confirmed = 1;
    for (long echo : echoes[leader]) {
      confirmed += echo > before ? 1 : 0;
    }
    if (confirmed <= logs.nodeCount() / 2) {
      throw verdicts.violated(
          CHECKER, envelope + ": only " + confirmed + " have confirmed a round behind " + before);
    }
    if (reply.readIndex() < moment.committed) {
      throw verdicts.violated(
          CHECKER, envelope + ": " + moment.committed + " was applied before it was asked");
    }
  }
}
