package raftkv.service;

/**
 * How much of one pipeline may be under way: calls and bytes, from the moment a call is read until
 * its answer was given to the connection. Says when the next message is to be read, so that at any
 * time at most one is asked for; and afterwards nothing, once reading has ended.
 *
 * <p>Synchronized: calls are taken on gRPC's thread, and let go on the node's loop.
 */
final class StreamBudget {
  /** Calls of a stream under way, and of one message. */
  static final int MAX_CALLS = 2_048;

  /** Bytes of a stream's requests and answers. */
  static final long MAX_BYTES = 8 << 20;

  private int calls;
  private long bytes;
  private boolean asked;
  private boolean over;

  /** Whether to ask for the next message; if so, it counts as asked for. */
  synchronized boolean mayAsk() {
    if (asked || over || calls >= MAX_CALLS || bytes >= MAX_BYTES) {
      return false;
    }
    asked = true;
    return true;
  }

  /** A message has come. False if it came too late, and nothing of it may be done. */
  synchronized boolean take(int takenCalls, long takenBytes) {
    asked = false;
    if (over) {
      return false;
    }
    calls += takenCalls;
    bytes += takenBytes;
    return true;
  }

  /** A call's request was turned into its answer. */
  synchronized void exchange(long requestBytes, long answerBytes) {
    bytes += answerBytes - requestBytes;
  }

  /** Answers have left. */
  synchronized void letGo(int answeredCalls, long answerBytes) {
    calls -= answeredCalls;
    bytes -= answerBytes;
  }

  /** Nothing is read from now on. */
  synchronized void endReading() {
    over = true;
  }

  /** Whether nothing is read any more and everything that was read has been answered. */
  synchronized boolean isDone() {
    return over && calls == 0;
  }
}
