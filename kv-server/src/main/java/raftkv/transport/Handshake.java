package raftkv.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import raftkv.proto.raft.v1.Hello;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.NodeId;

/**
 * Says who this node is, and whether the other side fits (safety rule 5.5). Used by the loop and by
 * gRPC's thread; what may change, the cluster id and the incarnation, is volatile.
 */
final class Handshake {
  /** Versions of the protocol that this program speaks. */
  private static final int MIN_PROTOCOL = 1;

  private static final int MAX_PROTOCOL = 1;
  private static final long MILLISECOND = 1_000_000;

  private final PeerSettings settings;
  private final List<Integer> members;

  /** Written on the loop, read by gRPC's thread; null until it is known. */
  private volatile @Nullable ClusterId clusterId;

  /** Written on the loop, read by gRPC's thread. */
  private volatile Incarnation incarnation = Incarnation.NONE;

  Handshake(PeerSettings settings, @Nullable ClusterId clusterId) {
    this.settings = settings;
    this.clusterId = clusterId;
    TreeSet<NodeId> all = new TreeSet<>(settings.peers().keySet());
    all.add(settings.self());
    this.members = all.stream().map(NodeId::value).toList();
  }

  void clusterIdKnown(ClusterId known) {
    clusterId = known;
  }

  @Nullable ClusterId clusterId() {
    return clusterId;
  }

  void incarnationKnown(Incarnation known) {
    incarnation = known;
  }

  /** This node's first message to that peer. */
  Hello hello(NodeId receiver, long linkNumber) {
    return Hello.newBuilder()
        .setClusterId(WireBytes.ofClusterId(clusterId))
        .setSender(settings.self().value())
        .setReceiver(receiver.value())
        .addAllMembers(members)
        .setMinProtocol(MIN_PROTOCOL)
        .setMaxProtocol(MAX_PROTOCOL)
        .setRun(settings.run())
        .setLinkNumber(linkNumber)
        .setIncarnation(WireBytes.ofIncarnation(incarnation))
        .setElectionTimeoutMinMs((int) (settings.electionTimeoutMinNanos() / MILLISECOND))
        .setElectionTimeoutMaxMs((int) (settings.electionTimeoutMaxNanos() / MILLISECOND))
        .setHeartbeatMs((int) (settings.heartbeatNanos() / MILLISECOND))
        .setVersion(settings.version())
        .build();
  }

  /**
   * Why that Hello does not fit, in one sentence for both sides' logs, or null if it does.
   *
   * @param expected who was dialled; null for an incoming stream, which may be of any peer
   */
  @Nullable String refusal(Hello hello, @Nullable NodeId expected) {
    int self = settings.self().value();
    if (hello.getReceiver() != self) {
      return "node %d was taken for node %d by node %d: the addresses in --peers are mixed up"
          .formatted(self, hello.getReceiver(), hello.getSender());
    }
    if (expected != null && hello.getSender() != expected.value()) {
      return "node %d answered where node %s was expected: the addresses in --peers are mixed up"
          .formatted(hello.getSender(), expected);
    }
    if (!hello.getMembersList().equals(members)) {
      return "node %d has members %s, node %d has members %s: --peers must name the same members"
          .formatted(hello.getSender(), hello.getMembersList(), self, members);
    }
    if (hello.getSender() == self || !members.contains(hello.getSender())) {
      return "node %d is not a peer of node %d".formatted(hello.getSender(), self);
    }
    if (hello.getMinProtocol() > MAX_PROTOCOL || hello.getMaxProtocol() < MIN_PROTOCOL) {
      return "node %d speaks protocol %d to %d, node %d speaks %d to %d"
          .formatted(
              hello.getSender(),
              hello.getMinProtocol(),
              hello.getMaxProtocol(),
              self,
              MIN_PROTOCOL,
              MAX_PROTOCOL);
    }
    return clusterRefusal(hello.getSender(), WireBytes.clusterId(hello.getClusterId()));
  }

  /** Why a call beside the link is not for this node, or null if it is. */
  @Nullable String callRefusal(NodeId sender, int receiver, @Nullable ClusterId theirs) {
    if (!settings.peers().containsKey(sender)) {
      return "node " + sender + " is no member";
    }
    if (receiver != settings.self().value()) {
      return "it was meant for node " + receiver;
    }
    return clusterRefusal(sender.value(), theirs);
  }

  /** Why a cluster id does not fit, or null: only a different one does not. */
  @Nullable String clusterRefusal(int sender, @Nullable ClusterId theirs) {
    ClusterId ours = clusterId;
    if (ours == null || theirs == null || ours.equals(theirs)) {
      return null;
    }
    return "node %d belongs to cluster %s, node %s to cluster %s: its data is of another cluster"
        .formatted(sender, theirs, settings.self(), ours);
  }

  /** What differs without harm but should not, or null. */
  @Nullable String warning(Hello hello) {
    List<String> different = new ArrayList<>();
    Hello own = hello(settings.self(), 0);
    if (hello.getElectionTimeoutMinMs() != own.getElectionTimeoutMinMs()
        || hello.getElectionTimeoutMaxMs() != own.getElectionTimeoutMaxMs()) {
      different.add(
          "election timeout %d-%d ms there, %d-%d ms here"
              .formatted(
                  hello.getElectionTimeoutMinMs(),
                  hello.getElectionTimeoutMaxMs(),
                  own.getElectionTimeoutMinMs(),
                  own.getElectionTimeoutMaxMs()));
    }
    if (hello.getHeartbeatMs() != own.getHeartbeatMs()) {
      different.add(
          "heartbeat %d ms there, %d ms here"
              .formatted(hello.getHeartbeatMs(), own.getHeartbeatMs()));
    }
    return different.isEmpty()
        ? null
        : "node %d has other times: %s".formatted(hello.getSender(), String.join(", ", different));
  }
}
