package raftkv.node;

import raftkv.raft.Check;
import raftkv.raft.RaftConfig;

/**
 * The numbers of one node's runtime. Times in nanoseconds.
 *
 * @param raft the core's own
 * @param maxPeerMessages messages of one peer that may wait for the loop; the newest is dropped
 * @param maxPeerBytes bytes of them
 * @param maxQueuedRequests requests that may wait for the loop, else OVERLOADED
 * @param maxQueuedBytes bytes of them; and of writes that the loop has taken and nobody leads, or
 *     the leader has no room for, else OVERLOADED
 * @param maxOpenRequests requests taken by the loop and not answered, else OVERLOADED
 * @param maxTurnRequests requests that one turn takes
 * @param maxTurnBytes bytes of them
 * @param maxUnwrittenBytes bytes that a leader may have on their way to its disk, else OVERLOADED
 * @param maxAnswerBytes bytes that answers with whole entries may have whose writes a leader has
 *     proposed and not decided, else OVERLOADED
 * @param rerouteNanos how soon a request is routed again that found nobody to take it
 * @param diskHangNanos age of an unfinished write from which the disk counts as hung
 * @param digestNanos how often a replica tells its state hash besides the fixed indexes
 * @param snapshots when snapshots are taken
 */
public record NodeConfig(
    RaftConfig raft,
    int maxPeerMessages,
    int maxPeerBytes,
    int maxQueuedRequests,
    int maxQueuedBytes,
    int maxOpenRequests,
    int maxTurnRequests,
    int maxTurnBytes,
    long maxUnwrittenBytes,
    long maxAnswerBytes,
    long rerouteNanos,
    long diskHangNanos,
    long digestNanos,
    SnapshotPolicy snapshots) {

  /** Checks the ranges. */
  public NodeConfig {
    Check.that(maxPeerMessages > 0 && maxPeerBytes > 0, "peer lanes hold something");
    Check.that(maxQueuedRequests > 0 && maxQueuedBytes > 0, "the client lane holds something");
    Check.that(maxTurnRequests > 0 && maxTurnBytes > 0, "a turn takes something");
    Check.that(rerouteNanos > 0 && digestNanos > 0, "intervals are positive");
  }

  /** The same with another policy for snapshots. */
  public NodeConfig withSnapshots(SnapshotPolicy policy) {
    return new NodeConfig(
        raft,
        maxPeerMessages,
        maxPeerBytes,
        maxQueuedRequests,
        maxQueuedBytes,
        maxOpenRequests,
        maxTurnRequests,
        maxTurnBytes,
        maxUnwrittenBytes,
        maxAnswerBytes,
        rerouteNanos,
        diskHangNanos,
        digestNanos,
        policy);
  }

  /** The defaults of the documentation. */
  public static NodeConfig of(RaftConfig raft) {
    return new NodeConfig(
        raft,
        256,
        8 << 20,
        8_192,
        32 << 20,
        16_384,
        1_024,
        1 << 20,
        64L << 20,
        16L << 20,
        20_000_000L,
        1_000_000_000L,
        1_000_000_000L,
        SnapshotPolicy.DEFAULT);
  }
}
