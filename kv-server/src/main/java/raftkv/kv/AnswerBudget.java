package raftkv.kv;

import org.jspecify.annotations.Nullable;

/**
 * Stored answers in log order with their bytes, so that the oldest can be dropped when there are
 * too many: a list linked through the marks, so that nothing dropped is held any longer. Owned by
 * the loop.
 */
final class AnswerBudget {
  private @Nullable Mark oldest;
  private @Nullable Mark newest;
  private long bytes;
  private long heapBytes;

  /** Bytes of all stored answers. */
  long bytes() {
    return bytes;
  }

  /** What they take of the heap, their marks aside: those stay when an answer goes. */
  long heapBytes() {
    return heapBytes;
  }

  /** The oldest mark with an answer, or null. */
  @Nullable Mark oldest() {
    return oldest;
  }

  /** Adds a mark with a stored answer, the newest of all. */
  void add(Mark mark) {
    Mark last = newest;
    if (last == null) {
      oldest = mark;
    } else {
      last.newer = mark;
      mark.older = last;
    }
    newest = mark;
    bytes += mark.answerBytes();
    heapBytes += mark.answerHeapBytes();
  }

  /** Takes out a mark that goes, or loses its answer. One without an answer was never added. */
  void remove(Mark mark) {
    if (!mark.hasStoredAnswer()) {
      return;
    }
    Mark older = mark.older;
    Mark newer = mark.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    mark.older = null;
    mark.newer = null;
    bytes -= mark.answerBytes();
    heapBytes -= mark.answerHeapBytes();
  }
}
