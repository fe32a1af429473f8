package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.ForwardReply;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.raft.NodeId;

/** Puts what comes from other nodes into the inbox; callable from any thread. */
final class PeerReceiver implements Transport.Receiver {
  private final Inbox inbox;
  private final Desks desks;

  PeerReceiver(Inbox inbox, Desks desks) {
    this.inbox = inbox;
    this.desks = desks;
  }

  @Override
  public void received(NodeId from, PeerMessage message, int sizeBytes) {
    inbox.fromPeer(from, message, sizeBytes);
  }

  @Override
  public void linkLost(NodeId peer) {
    inbox.linkLost(peer);
  }

  @Override
  public void linkEstablished(NodeId peer) {
    inbox.wake();
  }

  @Override
  public void snapshotOffered(
      NodeId from, long term, SnapshotFile file, Consumer<SnapshotAnswer> answer) {
    answer.accept(new SnapshotAnswer.Declined("snapshots are not taken yet"));
  }

  @Override
  public void forwarded(
      NodeId from, Transport.ForwardRequest request, Consumer<ForwardReply> answer) {
    int size = request.command().length();
    if (!inbox.offerRequest(size, () -> desks.writes.beginForwarded(request, answer))) {
      answer.accept(
          new ForwardReply.NotApplied(
              ForwardReply.Reason.OVERLOADED, null, "the queue of requests"));
    }
  }
}
