package raftkv.transport;

import java.util.ArrayList;
import java.util.List;
import raftkv.port.SnapshotFile;
import raftkv.port.StateHash;
import raftkv.proto.raft.v1.NamedMember;
import raftkv.proto.raft.v1.SnapshotOffer;
import raftkv.raft.ClusterId;
import raftkv.raft.Incarnation;
import raftkv.raft.LogPosition;
import raftkv.raft.NodeId;
import raftkv.raft.Roster;
import raftkv.raft.SnapshotMeta;

/** A snapshot's offer as it travels, and what is found out about one that comes from outside. */
final class SnapshotCodec {
  private SnapshotCodec() {}

  /** Whose offer it is, besides the file. */
  record Route(NodeId sender, NodeId receiver, long term) {}

  static SnapshotOffer write(Route route, SnapshotFile file) {
    LogPosition last = file.meta().lastIncluded();
    SnapshotOffer.Builder offer =
        SnapshotOffer.newBuilder()
            .setClusterId(WireBytes.ofClusterId(file.meta().roster().clusterId()))
            .setSender(route.sender().value())
            .setReceiver(route.receiver().value())
            .setTerm(route.term())
            .setLastIncluded(
                raftkv.proto.raft.v1.LogPosition.newBuilder()
                    .setIndex(last.index())
                    .setTerm(last.term()))
            .setHash(WireBytes.of(file.hash().high(), file.hash().low()))
            .setSizeBytes(file.sizeBytes());
    for (Roster.Named named : file.meta().roster().members()) {
      offer.addMembers(
          NamedMember.newBuilder()
              .setNode(named.node().value())
              .setIncarnation(WireBytes.ofIncarnation(named.incarnation()))
              .setByAdmission(named.byAdmission()));
    }
    return offer.build();
  }

  static Route route(SnapshotOffer offer) {
    BadPeerMessage.unless(offer.getTerm() >= 1, "no leader in term 0");
    return new Route(
        MessageReader.node(offer.getSender(), "sender"),
        MessageReader.node(offer.getReceiver(), "receiver"),
        offer.getTerm());
  }

  static SnapshotFile file(SnapshotOffer offer) {
    LogPosition last =
        new LogPosition(offer.getLastIncluded().getIndex(), offer.getLastIncluded().getTerm());
    BadPeerMessage.unless(last.index() >= 1 && last.term() >= 1, "last_included is no entry");
    BadPeerMessage.unless(last.term() <= offer.getTerm(), "last_included is of a later term");
    BadPeerMessage.unless(offer.getSizeBytes() > 0, "size_bytes is out of range");
    BadPeerMessage.unless(!offer.getClusterId().isEmpty(), "cluster_id is missing");
    long[] cluster = WireBytes.id(offer.getClusterId(), "cluster_id");
    long[] hash = WireBytes.id(offer.getHash(), "hash");
    List<Roster.Named> members = new ArrayList<>();
    for (NamedMember member : offer.getMembersList()) {
      long[] id = WireBytes.id(member.getIncarnation(), "incarnation");
      members.add(
          new Roster.Named(
              MessageReader.node(member.getNode(), "member"),
              new Incarnation(id[0], id[1]),
              member.getByAdmission()));
    }
    return new SnapshotFile(
        new SnapshotMeta(last, new Roster(new ClusterId(cluster[0], cluster[1]), members)),
        new StateHash(hash[0], hash[1]),
        offer.getSizeBytes());
  }
}
