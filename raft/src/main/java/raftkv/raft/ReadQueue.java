package raftkv.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A leader's reads on their way to a confirmed read index (Raft §8, thesis §6.4, safety rule 2.1).
 *
 * <p>A read joins the next round; the round's read index is fixed when the round is built; a
 * majority of echoes of that round or a later one confirms it. So an echo of anything sent before
 * the read came in can never confirm it.
 */
final class ReadQueue {
  /** Who asked: this node's own client ({@code asker} is the node itself), or a follower. */
  record Read(NodeId asker, long id) {}

  record Round(long number, long readIndex, List<Read> reads) {}

  private List<Read> next = new ArrayList<>();
  private final ArrayDeque<Round> waiting = new ArrayDeque<>();

  /** The read joins the next round. */
  void add(Read read) {
    next.add(read);
  }

  boolean wantsRound() {
    return !next.isEmpty();
  }

  /** The round of that number is being sent: all reads that wait for a round are in it. */
  void roundBuilt(long number, long readIndex) {
    if (!next.isEmpty()) {
      waiting.add(new Round(number, readIndex, next));
      next = new ArrayList<>();
    }
  }

  /** Takes the rounds up to the one that a majority has echoed. */
  List<Round> takeConfirmed(long echoedByMajority) {
    if (waiting.isEmpty() || waiting.getFirst().number() > echoedByMajority) {
      return List.of();
    }
    List<Round> confirmed = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.getFirst().number() <= echoedByMajority) {
      confirmed.add(waiting.removeFirst());
    }
    return confirmed;
  }

  /** Takes everything, when leadership ends. */
  List<Read> takeAll() {
    List<Read> all = new ArrayList<>();
    for (Round round : waiting) {
      all.addAll(round.reads());
    }
    all.addAll(next);
    waiting.clear();
    next = new ArrayList<>();
    return all;
  }
}
