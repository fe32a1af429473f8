package raftkv.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

  /** If this is set, answers wait here until the test gives them. */
  @Nullable Deque<Runnable> held;

  /** If this is set, a turn is under way, and this is what waits for its end. */
  @Nullable List<Runnable> turn;

  /** Without one each answer is a turn of its own; an answer that is given then, the next one. */
  private final Deque<Runnable> ends = new ArrayDeque<>();

  private boolean ending;

  int writes;
  int reads;
  @Nullable WriteRequest written;
  @Nullable ReadRequest read;

  @Override
  public void write(WriteRequest request, Consumer<WriteOutcome> answer) {
    written = request;
    writes++;
    give(() -> answer.accept(writeOutcome));
  }

  @Override
  public void read(ReadRequest request, Consumer<ReadAnswer> answer) {
    read = request;
    reads++;
    give(() -> answer.accept(readAnswer));
  }

  private void give(Runnable answer) {
    if (held == null) {
      answer.run();
    } else {
      held.add(answer);
    }
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
  public void whenTurnEnds(Runnable task) {
    if (turn != null) {
      turn.add(task);
      return;
    }
    ends.add(task);
    if (!ending) {
      ending = true;
      for (Runnable next = ends.poll(); next != null; next = ends.poll()) {
        next.run();
      }
      ending = false;
    }
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
