package raftkv.raft;

import java.util.ArrayList;
import java.util.List;

/** Makes the {@link NodeView} of a node. */
final class Views {
  private static final long NEVER = -1;

  private Views() {}

  static NodeView of(RaftNode node) {
    Role role = node.role();
    RaftLog log = node.log();
    Roster roster = node.stable().electorate().roster();
    long contact = NEVER;
    long freshAsOf = NEVER;
    List<NodeView.PeerView> peers = List.of();
    List<NodeId> successors = List.of();
    if (role instanceof Leader leader) {
      contact = leader.quorumContactNanos();
      freshAsOf = leader.freshAsOfNanos();
      peers = peersOf(leader);
      successors = leader.successors();
    } else if (role instanceof Follower follower) {
      contact = follower.leaderContactNanos();
      freshAsOf = follower.freshAsOfNanos();
    }
    return new NodeView(
        role.name(),
        node.term(),
        role.leader(),
        node.stable().hardState().votedFor(),
        node.stable().hardState().incarnation(),
        node.stable().selfCounts(),
        roster == null ? null : roster.clusterId(),
        log.commitIndex(),
        log.lastIndex(),
        node.stable().durableIndex(),
        log.appliedIndex(),
        log.firstIndex(),
        role instanceof Leader leading && leading.isHandingOver(),
        contact,
        freshAsOf,
        peers,
        successors);
  }

  private static List<NodeView.PeerView> peersOf(Leader leader) {
    List<NodeView.PeerView> peers = new ArrayList<>();
    for (Progress progress : leader.followers().all()) {
      peers.add(
          new NodeView.PeerView(
              progress.peer, progress.matchIndex(), leader.followers().counts(progress)));
    }
    return peers;
  }
}
