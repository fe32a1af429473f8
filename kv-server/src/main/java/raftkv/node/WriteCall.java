package raftkv.node;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import raftkv.node.DeadlineQueue.Deadline;
import raftkv.raft.Bytes;

/**
 * One write on its way through this node. Owned by the loop.
 *
 * <pre>
 *   WAITING --> QUEUED            (the leader has no room for more)   --> as WAITING
 *   WAITING --> PROPOSED          (this node leads)                   --> DONE
 *   WAITING --> FORWARDED         (another leads) --> WAITING again   --> DONE
 * </pre>
 */
final class WriteCall {
  /** Where it is. */
  enum State {
    /** Nowhere yet: no copy of it is under way. */
    WAITING,
    /** Nowhere yet: as many are under way to the leader as may be. */
    QUEUED,
    /** In this node's log, under the position that PendingProposals knows. */
    PROPOSED,
    /** At another node. */
    FORWARDED,
    DONE
  }

  final WriteRequest request;

  private final Consumer<WriteOutcome> answer;
  private @Nullable Deadline deadline;
  private State state = State.WAITING;
  private boolean wasForwarded;
  private int answerBytes;

  /** Some copy was sent and left without a definite answer (safety rule 3.3). */
  private boolean copyUndecided;

  WriteCall(WriteRequest request, Consumer<WriteOutcome> answer) {
    this.request = request;
    this.answer = answer;
  }

  Bytes command() {
    return request.command();
  }

  void deadline(Deadline armed) {
    deadline = armed;
  }

  @Nullable Deadline deadline() {
    return deadline;
  }

  State state() {
    return state;
  }

  void becomes(State next) {
    state = next;
  }

  /** Its answer will have about so many bytes. */
  void becomesProposed(int bytes) {
    state = State.PROPOSED;
    answerBytes = bytes;
  }

  /** Of the answer to what was proposed; else 0. */
  int answerBytes() {
    return answerBytes;
  }

  void becomesForwarded() {
    state = State.FORWARDED;
    wasForwarded = true;
  }

  /** Was sent to another node at least once. */
  boolean wasForwarded() {
    return wasForwarded;
  }

  void leaveCopyUndecided() {
    copyUndecided = true;
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /** What may be said: a NOT_APPLIED speaks of one copy only (safety rule 3.3). */
  WriteOutcome truthOf(WriteOutcome outcome) {
    if (!copyUndecided) {
      return outcome;
    }
    if (outcome instanceof WriteOutcome.Applied applied) {
      return new WriteOutcome.Applied(applied.position(), applied.answer(), true);
    }
    return outcome.fate() == WriteOutcome.Fate.NOT_APPLIED
        ? new WriteOutcome.Unknown(WriteOutcome.Cause.LINK_LOST)
        : outcome;
  }

  /** Answers; called once. */
  void answer(WriteOutcome outcome) {
    state = State.DONE;
    answer.accept(outcome);
  }
}
