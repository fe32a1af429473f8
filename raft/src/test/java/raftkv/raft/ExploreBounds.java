package raftkv.raft;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much of each kind may happen in one exploration; what is left of it is part of a state.
 *
 * <p>Everything else is unbounded: messages are delivered in any order, or never; disks complete
 * their writes at any time.
 */
final class ExploreBounds {
  /** What an exploration spends. */
  enum Kind {
    /** A timer runs out: an election in a new term begins. */
    CAMPAIGN,
    PROPOSE,
    /** A leader speaks although nothing is new. */
    HEARTBEAT,
    READ,
    /** A node loses what its disk has not forced, and starts again. */
    CRASH,
    /** A node starts again with a blank disk. */
    WIPE,
    /** A node starts again with a disk that it had before. */
    REMOUNT,
    /** A message arrives once more later. */
    DUPLICATE
  }

  private final int[] left;

  /** The one node that may lose its disk; 0 is any. */
  private final int loser;

  private ExploreBounds(int[] left, int loser) {
    this.left = left;
    this.loser = loser;
  }

  /** Nothing but messages and disks. */
  static ExploreBounds none() {
    return new ExploreBounds(new int[Kind.values().length], 0);
  }

  /** So many of that kind. */
  ExploreBounds with(Kind kind, int count) {
    int[] changed = left.clone();
    changed[kind.ordinal()] = count;
    return new ExploreBounds(changed, loser);
  }

  /** Only that node loses its disk. */
  ExploreBounds losing(int node) {
    return new ExploreBounds(left, node);
  }

  boolean mayLose(NodeId node) {
    return loser == 0 || loser == node.value();
  }

  boolean allows(Kind kind) {
    return left[kind.ordinal()] > 0;
  }

  /** One less of that kind. */
  ExploreBounds spent(Kind kind) {
    return with(kind, left[kind.ordinal()] - 1);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(left);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExploreBounds that && Arrays.equals(left, that.left);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Kind kind : Kind.values()) {
      if (allows(kind)) {
        text.append(text.isEmpty() ? "" : ", ").append(left[kind.ordinal()]).append(' ');
        text.append(kind.name().toLowerCase(Locale.ROOT));
      }
    }
    return text.toString();
  }
}
