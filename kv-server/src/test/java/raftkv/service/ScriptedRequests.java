package raftkv.service;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.node.HashAnswer;
import raftkv.node.HashRequest;
import raftkv.node.NodeHeader;
import raftkv.node.NodeStatus;
import raftkv.node.ReadAnswer;
import raftkv.node.ReadRequest;
import raftkv.node.Requests;
import raftkv.node.SnapshotOutcome;
import raftkv.node.SnapshotRequest;
import raftkv.node.TransferOutcome;
import raftkv.node.TransferRequest;
import raftkv.node.WriteOutcome;
import raftkv.node.WriteRequest;
import raftkv.raft.ClusterId;
import raftkv.raft.NodeId;

/** A node that answers what the test says, at once, and keeps what it was asked. */
final class ScriptedRequests implements Requests {
  static final long NOW = 1_000_000_000_000L;

  WriteOutcome writeOutcome = new WriteOutcome.NoLeader();
  ReadAnswer readAnswer = new ReadAnswer.ReadNow(7);
  HashAnswer hashAnswer = new HashAnswer.Overloaded("nothing");
  TransferOutcome transferOutcome = new TransferOutcome.Failed();
  SnapshotOutcome snapshotOutcome = new SnapshotOutcome.NotReady("nothing");
  @Nullable WriteRequest written;
  @Nullable ReadRequest read;

  @Override
  public void write(WriteRequest request, Consumer<WriteOutcome> answer) {
    written = request;
    answer.accept(writeOutcome);
  }

  @Override
  public void read(ReadRequest request, Consumer<ReadAnswer> answer) {
    read = request;
    answer.accept(readAnswer);
  }

  @Override
  public void transfer(TransferRequest request, Consumer<TransferOutcome> answer) {
    answer.accept(transferOutcome);
  }

  @Override
  public void stateHash(HashRequest request, Consumer<HashAnswer> answer) {
    answer.accept(hashAnswer);
  }

  @Override
  public void snapshot(SnapshotRequest request, Consumer<SnapshotOutcome> answer) {
    answer.accept(snapshotOutcome);
  }

  @Override
  public void status(Consumer<NodeStatus> answer) {
    throw new UnsupportedOperationException("not scripted");
  }

  @Override
  public NodeHeader header() {
    return new NodeHeader(new ClusterId(1, 2), new NodeId(2), 5, 812, new NodeId(3));
  }

  @Override
  public long nowNanos() {
    return NOW;
  }
}
