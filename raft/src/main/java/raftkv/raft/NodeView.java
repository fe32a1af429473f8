package raftkv.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the core says of itself: a consistent copy, for status and routing.
 *
 * @param role the role now
 * @param term current term, perhaps not durable yet
 * @param leader who leads that term, as far as known (this node itself if it leads), or null
 * @param votedFor who has this node's vote in that term, or null
 * @param incarnation identity of this node's data
 * @param counts whether the own log names this incarnation (safety rule 5.3)
 * @param clusterId the id that the own log or snapshot holds, committed or not, or null
 * @param commitIndex highest index known to be committed
 * @param lastIndex end of the log
 * @param durableIndex end of the part that is on disk
 * @param appliedIndex highest index reported as applied
 * @param firstIndex first index that the log still holds
 * @param handingOver whether leadership is being transferred and proposals are refused
 * @param leaderContactNanos on a follower, the time of the last message from its leader; on a
 *     leader, the newest time at which a majority was known to follow it; -1 if never
 * @param freshAsOfNanos a time (clock of {@link RaftNode#tick}) up to which all that was committed
 *     is contained in the applied state; -1 if unknown (decisions §5, staleness)
 * @param peers on a leader, one item per other member in ascending order; else empty
 * @param successors on a leader, those that may take over from it, best first; else empty
 */
public record NodeView(
    RoleName role,
    long term,
    @Nullable NodeId leader,
    @Nullable NodeId votedFor,
    Incarnation incarnation,
    boolean counts,
    @Nullable ClusterId clusterId,
    long commitIndex,
    long lastIndex,
    long durableIndex,
    long appliedIndex,
    long firstIndex,
    boolean handingOver,
    long leaderContactNanos,
    long freshAsOfNanos,
    List<PeerView> peers,
    List<NodeId> successors) {

  /** The role's name. */
  public enum RoleName {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
  }

  /**
   * One peer as its leader sees it.
   *
   * @param matchIndex known to be equal and durable there
   * @param counts whether its answers count
   */
  public record PeerView(NodeId node, long matchIndex, boolean counts) {}
}
