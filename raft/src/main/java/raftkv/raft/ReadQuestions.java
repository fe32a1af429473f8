package raftkv.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A follower's reads, on their way to its leader and back (safety rule 2.1): a read joins the next
 * question, never one under way; an answer speaks for its question and all earlier ones.
 *
 * <p>One for the whole run, not one for each leader that is followed: a node may lose its leader
 * and find it again in the same term, and an answer to a question of before must not settle a read
 * of now. The first number is random, since a leader may still hold a question of this node's
 * earlier run: only an answer to a question that is open here settles anything.
 */
final class ReadQuestions {
  private record Asked(long question, List<Long> reads) {}

  /** Of 63 bits, the upper ones tell runs apart, the lower ones count. */
  private static final long RUN_BITS = 0x7fff_ffff_fff0_0000L;

  private List<Long> next = new ArrayList<>();
  private final ArrayDeque<Asked> asked = new ArrayDeque<>();
  private long lastQuestion;

  ReadQuestions(RandomGenerator random) {
    lastQuestion = random.nextLong() & RUN_BITS;
  }

  void add(long readId) {
    next.add(readId);
  }

  /** Whether some read is in no question yet. */
  boolean wantsQuestion() {
    return !next.isEmpty();
  }

  /** Whether some question has no answer yet. */
  boolean hasUnanswered() {
    return !asked.isEmpty();
  }

  /**
   * The number of the question that is being sent now; repeats all that is unanswered. One that
   * only repeats takes the place of the last such: a follower that is heard by nobody asks again
   * for as long as it hears its leader.
   */
  long ask() {
    if (next.isEmpty() && !asked.isEmpty() && asked.getLast().reads().isEmpty()) {
      asked.removeLast();
    }
    lastQuestion++;
    asked.add(new Asked(lastQuestion, next));
    next = new ArrayList<>();
    return lastQuestion;
  }

  /** Questions without an answer. */
  int unanswered() {
    return asked.size();
  }

  /** Takes the reads that an answer to that question settles. */
  List<Long> takeAnswered(long question) {
    List<Long> answered = new ArrayList<>();
    if (!isOpen(question)) {
      return answered;
    }
    while (!asked.isEmpty() && asked.getFirst().question() <= question) {
      answered.addAll(asked.removeFirst().reads());
    }
    return answered;
  }

  private boolean isOpen(long question) {
    return !asked.isEmpty()
        && asked.getFirst().question() <= question
        && question <= asked.getLast().question();
  }

  /** Takes everything, when the leader is lost. */
  List<Long> takeAll() {
    List<Long> all = new ArrayList<>();
    asked.forEach(some -> all.addAll(some.reads()));
    asked.clear();
    all.addAll(next);
    next = new ArrayList<>();
    return all;
  }
}
