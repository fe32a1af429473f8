package raftkv.node;

import java.util.function.Consumer;
import raftkv.port.EventLoop;

/** Puts requests into the inbox's client lane, or refuses them there. */
final class LoopRequests implements Requests {
  private static final String FULL = "the queue of requests";

  /** What a request without a command is taken to weigh. */
  private static final int SMALL_BYTES = 64;

  private final EventLoop loop;
  private final Inbox inbox;
  private final Desks desks;
  private final Snapshots snapshots;
  private final StatusReport report;
  private final TurnEnd turnEnd;

  LoopRequests(
      EventLoop loop,
      Inbox inbox,
      Desks desks,
      Snapshots snapshots,
      StatusReport report,
      TurnEnd turnEnd) {
    this.loop = loop;
    this.inbox = inbox;
    this.desks = desks;
    this.snapshots = snapshots;
    this.report = report;
    this.turnEnd = turnEnd;
  }

  @Override
  public void write(WriteRequest request, Consumer<WriteOutcome> answer) {
    int size = SMALL_BYTES + request.command().length();
    if (!inbox.offerRequest(size, () -> desks.writes.begin(request, answer))) {
      answer.accept(new WriteOutcome.Overloaded(FULL));
    }
  }

  @Override
  public void read(ReadRequest request, Consumer<ReadAnswer> answer) {
    if (!inbox.offerRequest(SMALL_BYTES, () -> desks.reads.begin(request, answer))) {
      answer.accept(new ReadAnswer.Overloaded(FULL));
    }
  }

  @Override
  public void transfer(TransferRequest request, Consumer<TransferOutcome> answer) {
    if (!inbox.offerRequest(SMALL_BYTES, () -> desks.transfers.begin(request, answer))) {
      answer.accept(new TransferOutcome.Overloaded(FULL));
    }
  }

  @Override
  public void stateHash(HashRequest request, Consumer<HashAnswer> answer) {
    if (!inbox.offerRequest(SMALL_BYTES, () -> desks.hashes.begin(request, answer))) {
      answer.accept(new HashAnswer.Overloaded(FULL));
    }
  }

  @Override
  public void snapshot(SnapshotRequest request, Consumer<SnapshotOutcome> answer) {
    if (!inbox.offerRequest(SMALL_BYTES, () -> snapshots.own.begin(request, answer))) {
      answer.accept(new SnapshotOutcome.Overloaded(FULL));
    }
  }

  @Override
  public void status(Consumer<NodeStatus> answer) {
    loop.execute(() -> answer.accept(report.now(loop.nowNanos())));
  }

  @Override
  public void whenTurnEnds(Runnable task) {
    turnEnd.add(task);
  }

  @Override
  public NodeHeader header() {
    return report.header();
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }
}
