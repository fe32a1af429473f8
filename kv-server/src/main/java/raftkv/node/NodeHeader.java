package raftkv.node;

import org.jspecify.annotations.Nullable;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/**
 * Who answers, and from which state.
 *
 * @param clusterId null until a new cluster has formed
 * @param leader the leader that this node knows, or null
 */
public record NodeHeader(
    @Nullable ClusterId clusterId,
    NodeId node,
    long term,
    long appliedIndex,
    @Nullable NodeId leader) {}
