package raftkv.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import raftkv.node.DeadlineQueue.Deadline;

/** Where those wait who asked for a snapshot. Owned by the loop. */
final class SnapshotDesk {
  private record Waiting(Consumer<SnapshotOutcome> answer, Deadline deadline) {}

  private final Situation situation;
  private List<Waiting> waiting = new ArrayList<>();

  /** Why it takes so long: told to whoever cannot wait longer. */
  private String obstacle = "";

  SnapshotDesk(Situation situation) {
    this.situation = situation;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Waits for what {@link #settle} says; false if too many wait. */
  boolean await(SnapshotRequest request, Consumer<SnapshotOutcome> answer) {
    if (!situation.open()) {
      return false;
    }
    Deadline deadline =
        situation.deadlines.at(
            request.deadlineNanos(),
            () -> {
              waiting.removeIf(w -> w.answer() == answer);
              situation.closed();
              answer.accept(new SnapshotOutcome.NotReady(obstacle));
            });
    waiting.add(new Waiting(answer, deadline));
    return true;
  }

  void obstacle(String words) {
    obstacle = words;
  }

  void settle(SnapshotOutcome outcome) {
    List<Waiting> settled = waiting;
    waiting = new ArrayList<>();
    for (Waiting each : settled) {
      situation.deadlines.cancel(each.deadline());
      situation.closed();
      each.answer().accept(outcome);
    }
  }
}
