package raftkv.raft;

import org.jspecify.annotations.Nullable;

/**
 * One thing that may happen next, to one node.
 *
 * @param envelope the message that arrives, or null
 * @param spends the bound that it takes from, or null
 */
record ExploreStep(
    What what, NodeId node, @Nullable Envelope envelope, ExploreBounds.@Nullable Kind spends) {
  enum What {
    DELIVER,
    DELIVER_AND_KEEP,
    PERSIST,
    CAMPAIGN,
    PROPOSE,
    HEARTBEAT,
    READ,
    CRASH,
    WIPE,
    REMOUNT
  }

  static ExploreStep of(What what, NodeId node, ExploreBounds.Kind spends) {
    return new ExploreStep(what, node, null, spends);
  }

  @Override
  public String toString() {
    Envelope message = envelope;
    return message == null ? what + " " + node : what + " " + Notation.message(message);
  }
}
