package raftkv.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.node.ReadRequest.Consistency;
import raftkv.node.ReadRequest.Stale;

/** One read on its way. Owned by the loop. */
final class ReadCall {
  private final ReadRequest request;
  private final Consumer<ReadAnswer> answer;
  private boolean done;
  private @Nullable Deadline deadline;
  private @Nullable ReadBatch batch;
  private IndexWaiters.@Nullable Place place;

  ReadCall(ReadRequest request, Consumer<ReadAnswer> answer) {
    this.request = request;
    this.answer = answer;
  }

  /** The bounds of a stale read; null for a linearizable one. */
  @Nullable Stale stale() {
    Consistency consistency = request.consistency();
    return consistency instanceof Stale stale ? stale : null;
  }

  long deadlineNanos() {
    return request.deadlineNanos();
  }

  void deadline(Deadline armed) {
    deadline = armed;
  }

  @Nullable Deadline deadline() {
    return deadline;
  }

  /** Waits until a leader confirms what is read with that batch. */
  void waitsIn(ReadBatch waitingBatch) {
    batch = waitingBatch;
  }

  @Nullable ReadBatch batch() {
    return batch;
  }

  /** Waits for an index to be applied, in that place. */
  void waitsAt(IndexWaiters.Place waitingPlace) {
    place = waitingPlace;
  }

  /** Was taken out of where it waited. */
  void waitsNowhere() {
    batch = null;
    place = null;
  }

  IndexWaiters.@Nullable Place place() {
    return place;
  }

  boolean isDone() {
    return done;
  }

  void answer(ReadAnswer outcome) {
    done = true;
    answer.accept(outcome);
  }
}
