package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.raft.Check;
import raftkv.raft.NodeId;
import raftkv.raft.TransferResult;

/** Hands leadership over when an operator asks, and waits for the result. Owned by the loop. */
final class TransferDesk {
  private record Waiting(Consumer<TransferOutcome> answer, Deadline deadline) {}

  private static final TransferOutcome STOPPING = new TransferOutcome.NotReady("stopping");

  private final Situation situation;
  private List<Waiting> waiting = new ArrayList<>();

  TransferDesk(Situation situation) {
    this.situation = situation;
  }

  void begin(TransferRequest request, Consumer<TransferOutcome> answer) {
    NodeId target = request.target();
    if (situation.self().equals(target) && situation.raft.isLeader()) {
      answer.accept(new TransferOutcome.Done(situation.self()));
      return;
    }
    if (situation.isEnded()) {
      answer.accept(STOPPING);
      return;
    }
    if (!situation.open()) {
      answer.accept(new TransferOutcome.Overloaded("requests that wait for an answer"));
      return;
    }
    TransferResult result = situation.raft.transferLeadership(target);
    if (result instanceof TransferResult.Started) {
      await(request, answer);
      return;
    }
    situation.closed();
    if (result instanceof TransferResult.NotLeader notLeader) {
      answer.accept(new TransferOutcome.NotLeader(notLeader.hint()));
    } else {
      Check.that(result instanceof TransferResult.NoTarget, "every transfer result is known");
      answer.accept(new TransferOutcome.NoTarget());
    }
  }

  private void await(TransferRequest request, Consumer<TransferOutcome> answer) {
    Deadline deadline =
        situation.deadlines.at(
            request.deadlineNanos(),
            () -> {
              waiting.removeIf(w -> w.answer() == answer);
              situation.closed();
              answer.accept(new TransferOutcome.Failed());
            });
    waiting.add(new Waiting(answer, deadline));
  }

  /** The process ends. */
  void endAll() {
    endAll(STOPPING);
  }

  /** The target did not take over in time. */
  void onFailed() {
    endAll(new TransferOutcome.Failed());
  }

  /** Looks whether somebody else leads by now. */
  void watchLeadership() {
    NodeId leader = situation.raft.leader();
    if (!waiting.isEmpty() && leader != null && !leader.equals(situation.self())) {
      endAll(new TransferOutcome.Done(leader));
    }
  }

  private void endAll(TransferOutcome outcome) {
    List<Waiting> ending = waiting;
    waiting = new ArrayList<>();
    for (Waiting each : ending) {
      situation.deadlines.cancel(each.deadline());
      situation.closed();
      each.answer().accept(outcome);
    }
  }
}
