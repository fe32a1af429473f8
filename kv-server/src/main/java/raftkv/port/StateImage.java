package raftkv.port;

import raftkv.raft.Roster;

/** A state that was read from a snapshot, for {@link StateMachine#restore}. Used once. */
public interface StateImage {
  /** Index of the last entry that is in it. */
  long index();

  /** Hash of the state, computed anew from its contents. */
  StateHash hash();

  /** Whom the log up to there names. */
  Roster roster();
}
