package raftkv.node;

import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.raft.NodeId;
import raftkv.raft.NodeView;

/**
 * One node at one moment.
 *
 * @param self which node
 * @param raft the core's own view
 * @param stateHash hash of the state after {@code raft.appliedIndex()}; of a fenced replica it
 *     shows by what it differs, and is no result
 * @param condition empty in health; else why it may not serve: "forming: waiting for members 2, 3",
 *     "no leader", "no contact with the leader", "fenced", "diverged", "stopping", "disk hangs",
 *     "disk full", "recovering", "comparing its state"
 * @param fence why this replica gives no results, durable on its disk; null if it is not fenced
 * @param contactAgeNanos leader: how long ago a majority was known to follow; else: how long ago
 *     the leader was heard; -1 if never
 * @param uptimeNanos since the node started
 * @param waitingRequests requests that are not answered yet
 * @param members all members in ascending order, this node included
 * @param snapshots what is stored of the state, and the log behind it
 * @param turns how the loop does
 */
public record NodeStatus(
    NodeId self,
    NodeView raft,
    StateHash stateHash,
    String condition,
    @Nullable Fence fence,
    long contactAgeNanos,
    long uptimeNanos,
    int waitingRequests,
    List<MemberStatus> members,
    SnapshotStatus snapshots,
    TurnStatus turns) {

  /** The condition of a node that goes on with all but new entries. */
  public static final String DISK_FULL = "disk full";

  /** "member", or why this node is none yet: "learner", "recovering". */
  public String standing() {
    if (condition.startsWith("recovering") || snapshots.arrivingBytes() > 0) {
      return "recovering";
    }
    return raft.counts() ? "member" : "learner";
  }

  /** Whether the node serves: what the health service says. */
  public boolean isServing() {
    return condition.isEmpty() || condition.equals(DISK_FULL);
  }

  /**
   * One member as this node sees it.
   *
   * @param isLeader whether it leads, as far as this node knows
   * @param linkState of the link from here, in a word or two; empty for this node itself
   * @param matchIndex known to be equal and durable there; 0 unless this node leads
   * @param lagEntries entries that it lacks of the leader's log; 0 unless this node leads
   * @param counts whether its answers count; false unless this node leads
   */
  public record MemberStatus(
      NodeId node,
      boolean isLeader,
      String linkState,
      long matchIndex,
      long lagEntries,
      boolean counts) {}

  /**
   * Snapshots and the log behind them. Sizes in bytes.
   *
   * @param lastIndex last entry in the newest snapshot; 0 if there is none
   * @param lastBytes size of its file
   * @param logBytes of the entries applied behind it
   * @param storedLogBytes of the files that hold the log
   * @param writing whether one is being written
   * @param arrivingBytes size of the one that a peer is sending; 0 if none is
   */
  public record SnapshotStatus(
      long lastIndex,
      long lastBytes,
      long logBytes,
      long storedLogBytes,
      boolean writing,
      long arrivingBytes) {}

  /**
   * Turns of the loop since the start.
   *
   * @param turns how many
   * @param totalNanos time spent in them
   * @param longestNanos the longest
   * @param slowTurns how many took more than 50 ms
   */
  public record TurnStatus(long turns, long totalNanos, long longestNanos, long slowTurns) {}
}
