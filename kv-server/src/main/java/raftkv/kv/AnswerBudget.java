package raftkv.kv;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stored answers in log order with their bytes, so that the oldest can be dropped when there are
 * too many. Marks that went earlier stay in the queue without an answer until they come up, or are
 * more than half of it.
 */
final class AnswerBudget {
  private static final int SMALL = 64;

  private final ArrayDeque<Mark> queue = new ArrayDeque<>();
  private long bytes;
  private int stored;

  /** Bytes of all stored answers. */
  long bytes() {
    return bytes;
  }

  void add(Mark mark) {
    queue.addLast(mark);
    bytes += mark.answerBytes();
    stored++;
  }

  /** Drops the answer of a mark, if it has one. Seals were never added. */
  void forget(Mark mark) {
    if (mark.isSealed() || mark.answer() == null) {
      return;
    }
    bytes -= mark.answerBytes();
    stored--;
    mark.forgetAnswer();
    if (queue.size() > SMALL && stored < queue.size() / 2) {
      queue.removeIf(old -> old.answer() == null);
    }
  }

  /** The oldest mark with an answer, or null. */
  @Nullable Mark oldest() {
    Mark mark = queue.peekFirst();
    while (mark != null && mark.answer() == null) {
      queue.removeFirst();
      mark = queue.peekFirst();
    }
    return mark;
  }
}
