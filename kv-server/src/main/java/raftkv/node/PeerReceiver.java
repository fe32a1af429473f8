package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.ForwardReply;
import raftkv.port.LogPage;
import raftkv.port.LogQuestion;
import raftkv.port.PeerMessage;
import raftkv.port.SnapshotAnswer;
import raftkv.port.SnapshotFile;
import raftkv.port.Transport;
import raftkv.raft.LogReader;
import raftkv.raft.NodeId;

/** Puts what comes from other nodes into the inbox; callable from any thread. */
final class PeerReceiver implements Transport.Receiver {
  private static final int QUESTION_BYTES = 64;

  private final Inbox inbox;
  private final Desks desks;
  private final Snapshots snapshots;
  private final LogReader log;

  PeerReceiver(Inbox inbox, Desks desks, Snapshots snapshots, LogReader log) {
    this.inbox = inbox;
    this.desks = desks;
    this.snapshots = snapshots;
    this.log = log;
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
    snapshots.offered(from, term, file, answer);
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

  @Override
  public void logAsked(NodeId from, LogQuestion question, Consumer<LogPage> answer) {
    if (!inbox.offerRequest(
        QUESTION_BYTES, () -> answer.accept(LogAnswers.answer(log, question)))) {
      answer.accept(new LogPage.Unanswered("the queue of requests is full"));
    }
  }
}
