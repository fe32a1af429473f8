package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import raftkv.port.Fence;
import raftkv.raft.NodeId;
import raftkv.raft.NodeView;

/** What a node says of itself. Owned by the loop. */
final class StatusReport {
  private final Situation situation;
  private final NodePorts ports;
  private final DiskWatch diskWatch;
  private final TurnClock turnClock;
  private final Snapshots snapshots;
  private final long startedNanos;

  StatusReport(
      Situation situation,
      NodePorts ports,
      DiskWatch diskWatch,
      TurnClock turnClock,
      Snapshots snapshots) {
    this.situation = situation;
    this.ports = ports;
    this.diskWatch = diskWatch;
    this.turnClock = turnClock;
    this.snapshots = snapshots;
    this.startedNanos = situation.now();
  }

  NodeStatus now(long nowNanos) {
    NodeView view = situation.raft.view();
    long contact = view.leaderContactNanos();
    long age = contact < 0 ? -1 : Math.max(0, nowNanos - contact);
    Fence fence = situation.reportedFence();
    return new NodeStatus(
        situation.self(),
        view,
        ports.machine().hash(),
        condition(view, age),
        fence,
        age,
        nowNanos - startedNanos,
        situation.openRequests(),
        members(view),
        snapshots.status(),
        turnClock.status());
  }

  NodeHeader header() {
    return new NodeHeader(
        situation.clusterId(),
        situation.self(),
        situation.raft.term(),
        ports.machine().appliedIndex(),
        situation.raft.leader());
  }

  private String condition(NodeView view, long contactAgeNanos) {
    String notReady = situation.notReady();
    if (notReady != null) {
      return notReady;
    }
    if (situation.isFenced()) {
      // Not named before it is on disk, but not healthy either.
      return situation.reportedFence() == null ? Situation.COMPARING : "fenced";
    }
    if (situation.doubt() != null) {
      return "diverged";
    }
    if (ports.machine().appliedIndex() < situation.replayTarget()) {
      return "recovering";
    }
    if (view.leader() == null) {
      return "no leader";
    }
    boolean inContact =
        contactAgeNanos >= 0
            && contactAgeNanos <= situation.config.raft().elections().timeoutMaxNanos();
    if (!inContact) {
      return "no contact with the leader";
    }
    if (diskWatch.isLate()) {
      return "disk hangs";
    }
    return situation.isDiskFull() ? NodeStatus.DISK_FULL : "";
  }

  private List<NodeStatus.MemberStatus> members(NodeView view) {
    List<NodeStatus.MemberStatus> members = new ArrayList<>();
    for (NodeId member : situation.config.raft().members()) {
      boolean leads = member.equals(view.leader());
      members.add(
          member.equals(situation.self()) ? self(view, member, leads) : peer(view, member, leads));
    }
    return List.copyOf(members);
  }

  private static NodeStatus.MemberStatus self(NodeView view, NodeId self, boolean leads) {
    long match = leads ? view.durableIndex() : 0;
    long lag = leads ? view.lastIndex() - view.durableIndex() : 0;
    return new NodeStatus.MemberStatus(self, leads, "", match, lag, leads && view.counts());
  }

  private NodeStatus.MemberStatus peer(NodeView view, NodeId member, boolean leads) {
    String link = ports.transport().linkState(member);
    NodeView.PeerView seen = seen(view, member);
    return seen == null
        ? new NodeStatus.MemberStatus(member, leads, link, 0, 0, false)
        : new NodeStatus.MemberStatus(
            member,
            leads,
            link,
            seen.matchIndex(),
            view.lastIndex() - seen.matchIndex(),
            seen.counts());
  }

  private static NodeView.@Nullable PeerView seen(NodeView view, NodeId member) {
    for (NodeView.PeerView peer : view.peers()) {
      if (peer.node().equals(member)) {
        return peer;
      }
    }
    return null;
  }
}
