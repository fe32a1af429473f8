package raftkv.service;

import java.util.ArrayDeque;
import raftkv.port.EventLoop;

/**
 * Room for the large answers of unary calls, all callers' together: from when gRPC has got one
 * until its caller has. They are encoded at once and leave when the turn is over, or when a slow
 * caller reads, so a burst of reads of large values would fill the memory. Owned by the loop.
 */
final class AnswerRoom {
  /** An answer up to this size always goes, so that large ones do not stand in the way of all. */
  private static final int SMALL_BYTES = 16 << 10;

  private static final long MAX_BYTES = 32 << 20;

  /** Someone whose answer has to be made again, which takes about so many bytes. */
  private record Waiting(int bytes, Runnable again) {}

  private final EventLoop loop;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long takenBytes;
  private boolean asking;
  private boolean askedMeanwhile;

  AnswerRoom(EventLoop loop) {
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  /** Whether so much is counted at all. */
  static boolean isLarge(int bytes) {
    return bytes > SMALL_BYTES;
  }

  /** Whether an answer of that size may be given now. */
  boolean hasFor(int bytes) {
    return !isLarge(bytes) || takenBytes < MAX_BYTES;
  }

  /** A large answer was given. */
  void take(int bytes) {
    takenBytes += bytes;
  }

  /** Its caller has got it, or has gone. */
  void giveBack(int bytes) {
    takenBytes -= bytes;
    askAgain();
  }

  /** Runs that once there is room, in the order of asking. */
  void await(int bytes, Runnable again) {
    waiting.add(new Waiting(bytes, again));
  }

  /**
   * As many as fit: each takes its room only when it is answered, which may be later. Whoever is
   * refused at once calls this in turn.
   */
  void askAgain() {
    askedMeanwhile = true;
    if (asking) {
      return;
    }
    asking = true;
    while (askedMeanwhile) {
      askedMeanwhile = false;
      askWhoFits();
    }
    asking = false;
  }

  private void askWhoFits() {
    long free = MAX_BYTES - takenBytes;
    while (free > 0 && !waiting.isEmpty()) {
      Waiting next = waiting.remove();
      free -= next.bytes;
      next.again.run();
    }
  }
}
