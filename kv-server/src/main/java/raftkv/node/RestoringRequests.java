package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import raftkv.port.EventLoop;
import raftkv.port.LogFragments;
import raftkv.port.StateHash;
import raftkv.port.Transport;
import raftkv.raft.NodeId;
import raftkv.raft.NodeView;

/** What a node that heals its log tells its callers: that it is not ready, and why. */
final class RestoringRequests implements Requests {
  private static final String RECOVERING = "recovering";

  private final NodeConfig config;
  private final EventLoop loop;
  private final Transport transport;
  private final LogFragments found;
  private final Supplier<String> condition;
  private final long startedNanos;

  RestoringRequests(
      NodeConfig config,
      EventLoop loop,
      Transport transport,
      LogFragments found,
      Supplier<String> condition) {
    this.config = config;
    this.loop = loop;
    this.transport = transport;
    this.found = found;
    this.condition = condition;
    this.startedNanos = loop.nowNanos();
  }

  @Override
  public void write(WriteRequest request, Consumer<WriteOutcome> answer) {
    loop.execute(() -> answer.accept(new WriteOutcome.NotReady(RECOVERING)));
  }

  @Override
  public void read(ReadRequest request, Consumer<ReadAnswer> answer) {
    loop.execute(() -> answer.accept(new ReadAnswer.NotReady(RECOVERING)));
  }

  @Override
  public void transfer(TransferRequest request, Consumer<TransferOutcome> answer) {
    loop.execute(() -> answer.accept(new TransferOutcome.NotLeader(null)));
  }

  /** Nothing is applied yet. */
  @Override
  public void stateHash(HashRequest request, Consumer<HashAnswer> answer) {
    loop.execute(() -> answer.accept(new HashAnswer.FutureIndex(Math.max(1, request.index()), 0)));
  }

  @Override
  public void snapshot(SnapshotRequest request, Consumer<SnapshotOutcome> answer) {
    loop.execute(() -> answer.accept(new SnapshotOutcome.NotReady(RECOVERING)));
  }

  @Override
  public void status(Consumer<NodeStatus> answer) {
    loop.execute(() -> answer.accept(status()));
  }

  private NodeStatus status() {
    List<NodeStatus.MemberStatus> members = new ArrayList<>();
    for (NodeId member : config.raft().members()) {
      boolean self = member.equals(config.raft().self());
      String link = self ? "" : transport.linkState(member);
      members.add(new NodeStatus.MemberStatus(member, false, link, 0, 0, false));
    }
    return new NodeStatus(
        config.raft().self(),
        view(),
        StateHash.EMPTY,
        condition.get(),
        null,
        -1,
        loop.nowNanos() - startedNanos,
        0,
        List.copyOf(members),
        new NodeStatus.SnapshotStatus(0, 0, 0, 0, false, 0),
        new NodeStatus.TurnStatus(0, 0, 0, 0));
  }

  private NodeView view() {
    return new NodeView(
        NodeView.RoleName.FOLLOWER,
        found.hardState().term(),
        null,
        found.hardState().votedFor(),
        found.hardState().incarnation(),
        false,
        null,
        0,
        found.last().index(),
        0,
        0,
        found.base().index() + 1,
        false,
        -1,
        -1,
        List.of(),
        List.of());
  }

  /** There are no turns here. */
  @Override
  public void whenTurnEnds(Runnable task) {
    loop.execute(task);
  }

  @Override
  public NodeHeader header() {
    return new NodeHeader(null, config.raft().self(), found.hardState().term(), 0, null);
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }
}
