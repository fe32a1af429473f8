package raftkv.node;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.node.IndexWaiters.Place;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.port.StateMachine;

/** Answers what the state hash was after an index (decisions §5, StateHash). Owned by the loop. */
final class HashDesk {
  private static final HashAnswer STOPPING = new HashAnswer.NotReady("stopping");

  private final Situation situation;
  private final StateMachine machine;
  private final HashRing ring;
  private final IndexWaiters applied;

  private final Set<Waiting> waiting = new LinkedHashSet<>();

  HashDesk(Situation situation, StateMachine machine, HashRing ring, IndexWaiters applied) {
    this.situation = situation;
    this.machine = machine;
    this.ring = ring;
    this.applied = applied;
  }

  void begin(HashRequest request, Consumer<HashAnswer> answer) {
    long wanted = Math.max(request.index(), situation.replayTarget());
    if (machine.appliedIndex() >= wanted) {
      answer.accept(now(request));
    } else if (situation.isEnded()) {
      answer.accept(STOPPING);
    } else if (situation.open()) {
      waiting.add(new Waiting(request, wanted, answer));
    } else {
      answer.accept(new HashAnswer.Overloaded("requests that wait for an answer"));
    }
  }

  /** The process ends. */
  void endAll() {
    List.copyOf(waiting).forEach(each -> each.settle(STOPPING));
  }

  private HashAnswer now(HashRequest request) {
    Fence fence = situation.reportedFence();
    if (fence != null) {
      return new HashAnswer.Diverged(fence);
    }
    if (situation.isFenced()) {
      return new HashAnswer.NotReady(Situation.COMPARING);
    }
    long appliedIndex = machine.appliedIndex();
    long index = request.index() == 0 ? appliedIndex : request.index();
    StateHash hash = index == appliedIndex ? machine.hash() : ring.at(index);
    return hash == null
        ? new HashAnswer.Compacted(ring.oldestIndex(), appliedIndex)
        : new HashAnswer.Found(index, hash);
  }

  /** A request for an index that is still to come: the index and the deadline each end it. */
  private final class Waiting {
    private final HashRequest request;
    private final Consumer<HashAnswer> answer;
    private final Place place;
    private final Deadline deadline;

    Waiting(HashRequest request, long wanted, Consumer<HashAnswer> answer) {
      this.request = request;
      this.answer = answer;
      this.place = applied.await(wanted, this::onApplied);
      this.deadline = situation.deadlines.at(request.deadlineNanos(), this::onDeadline);
    }

    private void onApplied() {
      settle(now(request));
    }

    private void onDeadline() {
      boolean recovers = machine.appliedIndex() < situation.replayTarget();
      settle(
          recovers
              ? new HashAnswer.NotReady(Situation.REPLAYING)
              : new HashAnswer.FutureIndex(place.index(), machine.appliedIndex()));
    }

    void settle(HashAnswer outcome) {
      waiting.remove(this);
      applied.leave(place);
      situation.deadlines.cancel(deadline);
      situation.closed();
      answer.accept(outcome);
    }
  }
}
