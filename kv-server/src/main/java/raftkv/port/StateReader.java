package raftkv.port;

import raftkv.raft.Bytes;

/** Builds a state from what {@link StateCapture#pieces} gave, off the loop. For one thread. */
public interface StateReader {
  /**
   * Takes the next piece; pieces may be cut anywhere.
   *
   * @throws IllegalArgumentException if this is no state that this version can read; a {@link
   *     VersionedRefusal} that says so if a newer one may
   */
  void take(Bytes piece);

  /**
   * The state, not yet in force.
   *
   * @throws IllegalArgumentException as of {@link #take}, or if something is missing
   */
  StateImage finish();
}
