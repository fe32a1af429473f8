package raftkv.simulation.client;

import org.jspecify.annotations.Nullable;
import raftkv.client.session.CopyFailure;
import raftkv.client.session.Sighting;

/** How a call of a client ended. */
sealed interface Reply {
  /** What the node said of itself and its leader; null if it said nothing. */
  @Nullable Sighting sighting();

  /**
   * An answer.
   *
   * @param result of a write, a {@code KvAnswer.Result} or {@code OutcomeKnown}; of a read, what it
   *     saw
   * @param index that the node had applied
   * @param decidedNanos when the node began to decide on it
   */
  record Answered(Sighting sighting, Object result, long index, long decidedNanos)
      implements Reply {}

  /** None. */
  record Failed(@Nullable Sighting sighting, CopyFailure failure) implements Reply {}
}
