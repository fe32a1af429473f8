package raftkv.node;

import java.util.function.Consumer;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.node.IndexWaiters.Place;
import raftkv.port.Fence;
import raftkv.port.StateHash;
import raftkv.port.StateMachine;

/** Answers what the state hash was after an index (decisions §5, StateHash). Owned by the loop. */
final class HashDesk {
  private final Situation situation;
  private final StateMachine machine;
  private final HashRing ring;
  private final IndexWaiters applied;

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
    } else if (!situation.isEnded() && situation.open()) {
      await(request, wanted, answer);
    } else {
      answer.accept(new HashAnswer.Overloaded("requests that wait for an answer"));
    }
  }

  private void await(HashRequest request, long wanted, Consumer<HashAnswer> answer) {
    // Each of the two ends the other, and needs it for that.
    Deadline[] deadline = new Deadline[1];
    Place place =
        applied.await(
            wanted,
            () -> {
              situation.deadlines.cancel(deadline[0]);
              situation.closed();
              answer.accept(now(request));
            });
    deadline[0] =
        situation.deadlines.at(
            request.deadlineNanos(),
            () -> {
              applied.leave(place);
              situation.closed();
              answer.accept(new HashAnswer.FutureIndex(wanted, machine.appliedIndex()));
            });
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
}
